"""How a request arrives and its answer leaves, before and after the application has it.

`connections` holds every connection on one thread. There `request_reader` collects a request until it is whole,
`answer_socket` keeps what a peer does not take at once. `budgets` says which requests share threads, `pools` are those
threads, and `refusals` is what is answered to who gets none. `addresses` says what an address counts as, namely itself,
its network, its block.

Knows: HTTP/1.1, sockets, threads. Must not know: Flask, use cases.
"""
