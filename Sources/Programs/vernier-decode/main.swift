// Decodes photos that somebody sent, each in a locked process of its own. `vernier serve` starts this program and talks
// to it over standard input, a socket; it does nothing else.
import Pixels

DecoderServer.run()
