package io.fkvs.server.resp;

/** Carries a command out. */
interface Handler {
  /**
   * Carries the command of a call out and writes its reply.
   *
   * @return whether it was carried out; if not, there is no memory for the reply now, and nothing
   *     has changed
   */
  boolean run(Call call);
}
