package io.fkvs.load.compare;

import io.fkvs.load.compare.Findings.Throughput;

/** Which of the two was busy all the time, and so the limit of a rate. */
enum Limit {
  /** Its rate is what is told. */
  SERVER("server", ""),
  /** The server could have done more. */
  GENERATOR("generator", " *"),
  /** The server might have done more with a faster generator. */
  BOTH("both", " †"),
  /** Each waited for the other, or the system does not tell. */
  NEITHER("neither", "");

  /** From here on, which is shown as 97 %, a processor counts as busy all the time. */
  static final double BUSY = 0.965;

  /** How the table of limits calls it. */
  final String shown;

  /** What stands behind a rate that is not the server's alone. */
  final String mark;

  Limit(String shown, String mark) {
    this.shown = shown;
    this.mark = mark;
  }

  /** The limit of a measured rate. */
  static Limit of(Throughput entry) {
    boolean isGeneratorBusy = entry.generatorShare.median() >= BUSY;
    boolean isServerBusy = entry.serverShare.median() >= BUSY;
    if (isGeneratorBusy) {
      return isServerBusy ? BOTH : GENERATOR;
    }
    return isServerBusy ? SERVER : NEITHER;
  }
}
