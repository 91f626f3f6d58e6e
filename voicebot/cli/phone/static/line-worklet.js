// The telephone's sound, in the browser's audio thread: microphone to 8 kHz frames of 20 ms, and 8 kHz sound to the ear.
// Both run at whatever rate the browser has, because not every browser joins a microphone to a context of 8 kHz.
"use strict";

const LINE_HZ = 8000;
const FRAME = 160;
const BAND_HZ = 3600;
const HALF_TAPS = 24; // zero crossings of the low-pass on either side, in samples of the line
const GATHERED = 480; // 60 ms wait before the ear hears anything, so that a late message makes no hole
const MOST_WAITING = 4000; // half a second: what is older is dropped

class Line extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / LINE_HZ;
    this.reach = Math.max(8, Math.ceil(HALF_TAPS * this.step / 4));
    this.spoken = new Float32Array(0); // microphone samples not yet behind the low-pass
    this.at = this.reach;
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.loudest = 0;
    this.heard = [];
    this.position = 0;
    this.isPlaying = false;
    this.port.onmessage = (message) => this.hear(message.data);
  }

  hear(samples) {
    if (samples === null) { // a new call begins
      this.heard = [];
      this.isPlaying = false;
      return;
    }
    for (const each of new Int16Array(samples)) this.heard.push(each / 32768);
    if (this.heard.length > MOST_WAITING) this.heard.splice(0, this.heard.length - GATHERED);
  }

  process(inputs, outputs) {
    if (inputs[0].length) this.speak(inputs[0][0]);
    this.play(outputs[0][0]);
    for (const channel of outputs[0].slice(1)) channel.set(outputs[0][0]);
    return true;
  }

  speak(block) {
    const all = new Float32Array(this.spoken.length + block.length);
    all.set(this.spoken);
    all.set(block, this.spoken.length);
    while (this.at + this.reach < all.length) {
      this.put(this.filtered(all, this.at));
      this.at += this.step;
    }
    const done = Math.max(0, Math.floor(this.at) - this.reach);
    this.spoken = all.slice(done);
    this.at -= done;
  }

  // A windowed sinc: all that is above the telephone's band is taken out, or it would come back as a whistle.
  filtered(all, at) {
    const cut = 2 * BAND_HZ / sampleRate;
    let sum = 0, weight = 0;
    for (let index = Math.ceil(at - this.reach); index <= at + this.reach; index++) {
      const x = index - at;
      const window = 0.5 + 0.5 * Math.cos(Math.PI * x / (this.reach + 1));
      const tap = window * (x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x));
      sum += tap * (all[index] || 0);
      weight += tap;
    }
    return sum / weight;
  }

  put(sample) {
    const size = Math.max(-1, Math.min(1, sample));
    this.loudest = Math.max(this.loudest, Math.abs(size));
    this.frame[this.filled++] = Math.round(size * 32767);
    if (this.filled < FRAME) return;
    const copy = this.frame.slice();
    this.port.postMessage({ pcm: copy.buffer, level: this.loudest }, [copy.buffer]);
    this.filled = this.loudest = 0;
  }

  play(out) {
    if (!this.isPlaying && this.heard.length >= GATHERED) this.isPlaying = true;
    for (let index = 0; index < out.length; index++) {
      if (this.isPlaying && this.heard.length < 4) this.isPlaying = false;
      out[index] = this.isPlaying ? this.between() : 0;
    }
  }

  // Catmull-Rom: through the points of the line, without corners that one would hear as a rasp.
  between() {
    const [a, b, c, d] = this.heard, t = this.position;
    const value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    this.position += 1 / this.step;
    while (this.position >= 1) {
      this.position -= 1;
      this.heard.shift();
    }
    return value;
  }
}

registerProcessor("line", Line);
