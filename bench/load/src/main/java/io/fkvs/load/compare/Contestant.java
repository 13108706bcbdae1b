package io.fkvs.load.compare;

import io.fkvs.load.LoadSession;
import io.fkvs.load.Phase;
import io.fkvs.load.Result;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A running server with open connections. One that fails is out of the comparison, and the report
 * says why. One thread.
 */
final class Contestant implements AutoCloseable {
  private final ServerMode mode;
  private final ServerProcess process;
  private final LoadSession session;
  private final Findings findings;
  private final Consumer<String> progress;
  private boolean failed;

  Contestant(ServerMode mode, Pinning pinning, Findings findings, Consumer<String> progress)
      throws IOException {
    this.progress = progress;
    this.mode = mode;
    this.findings = findings;
    process = ServerProcess.start(mode, pinning);
    try {
      session = new LoadSession(process.target(), Settings.CONNECTIONS, Settings.THREADS, 1);
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  String name() {
    return mode.name();
  }

  boolean failed() {
    return failed;
  }

  long residentBytes() throws IOException {
    return process.residentBytes();
  }

  /** Keeps it from using its processor while others are measured there. */
  void pause() throws IOException {
    process.pause();
  }

  /** Lets it go on. */
  void resume() throws IOException {
    process.resume();
  }

  /**
   * Runs a phase. A missed rate is a finding like any other; anything else that is wrong takes the
   * server out.
   */
  Run run(Phase phase) throws IOException {
    Run run = process.run(session, phase);
    Result result = run.result();
    List<String> failures = result.failures(false);
    if (!failures.isEmpty() && !(failures.size() == 1 && result.missedRate())) {
      failed = true;
      findings.exclude(name(), String.join("; ", failures));
      progress.accept(name() + ": FAIL " + String.join("; ", failures));
    }
    return run;
  }

  @Override
  public void close() throws IOException {
    try (process) {
      session.close();
    }
  }
}
