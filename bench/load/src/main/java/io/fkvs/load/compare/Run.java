package io.fkvs.load.compare;

import io.fkvs.load.Result;

/**
 * A phase and what it cost the server.
 *
 * @param result what the generator saw
 * @param serverCpuNs the processor time of the server's process meanwhile, in user and in kernel
 *     mode; not a number where the system does not tell
 */
record Run(Result result, double serverCpuNs) {
  /** How much of the time the server had a processor: 1 is one core. */
  double serverShare() {
    return serverCpuNs / result.elapsedNs();
  }

  /** Processor time for a request, in nanoseconds. */
  double serverNsPerRequest() {
    return serverCpuNs / result.replies();
  }
}
