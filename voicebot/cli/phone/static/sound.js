// Microphone and loudspeaker of the phone. A call goes on without a microphone: keys and recordings are enough.
"use strict";

const REFUSED = {
  NotAllowedError: "The browser may not use the microphone. Allow it beside the address, then press “Try the microphone again”. Until then keys and recordings work.",
  NotFoundError: "No microphone was found. Connect one, then press “Try the microphone again”. Until then keys and recordings work.",
  NotReadableError: "The microphone is in use by another program. Close that, then press “Try the microphone again”. Until then keys and recordings work.",
};
const NO_ACCESS = "This browser gives pages no microphone here. Open the page at http://127.0.0.1 or http://localhost. Keys and recordings work.";

class Sound {
  constructor({ onFrame, onMicrophone }) {
    this.onFrame = onFrame;
    this.onMicrophone = onMicrophone; // (words, isUsed)
    this.isMuted = false;
    this.stream = null;
  }

  // After a press of a button only: browsers let no page make a sound before.
  async open() {
    if (!this.opening) this.opening = this.openLine();
    await this.opening;
    await this.context.resume();
    if (!this.stream) await this.openMicrophone();
  }

  async openLine() {
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("/static/line-worklet.js");
    this.line = new AudioWorkletNode(this.context, "line", { outputChannelCount: [1] });
    this.line.connect(this.context.destination);
    this.line.port.onmessage = ({ data }) => this.onFrame(this.isMuted ? null : data.pcm, this.isMuted ? 0 : data.level);
  }

  async openMicrophone() {
    if (!navigator.mediaDevices) return this.onMicrophone(NO_ACCESS, false);
    this.onMicrophone("Waiting for the browser: allow the microphone in its question.", false);
    try {
      const wanted = { echoCancellation: true, noiseSuppression: false, autoGainControl: true };
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    } catch (error) {
      const other = `The microphone cannot be used (${error.name}). Keys and recordings work.`;
      return this.onMicrophone(REFUSED[error.name] || other, false);
    }
    this.stream.getAudioTracks()[0].addEventListener("ended", () => this.lose());
    this.source = this.context.createMediaStreamSource(this.stream);
    this.source.connect(this.line);
    this.onMicrophone("On. Speak as on a telephone; with a loudspeaker the hotline may hear itself, so use headphones.", true);
  }

  lose() {
    this.source.disconnect();
    this.stream = null;
    this.onMicrophone("The microphone is gone. Connect it, then press “Try the microphone again”. Until then keys and recordings work.", false);
  }

  hear(pcm) {
    if (this.line) this.line.port.postMessage(pcm, pcm ? [pcm] : []);
  }
}
