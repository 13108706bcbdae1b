package io.fkvs.load.compare;

import io.fkvs.load.Result;
import io.fkvs.load.compare.Findings.Cell;
import io.fkvs.load.compare.Findings.Rung;
import io.fkvs.load.compare.Findings.Throughput;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.report.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The measurements. Rounds are interleaved: each round measures every server in turn, beginning
 * with another one each time, so that what disturbs the machine for a while disturbs all alike. One
 * thread.
 */
final class Contest {
  static final List<Operation> OPERATIONS = List.of(Operation.SET, Operation.GET, Operation.PING);

  /** Enough for the compiler to be done with the generator. */
  private static final long REHEARSAL_KEYS = 500_000;

  private final List<ServerMode> modes;
  private final Settings settings;
  private final Pinning pinning;
  private final Findings findings;
  private final Consumer<String> progress;

  Contest(
      List<ServerMode> modes,
      Settings settings,
      Pinning pinning,
      Findings findings,
      Consumer<String> progress) {
    this.modes = modes;
    this.settings = settings;
    this.pinning = pinning;
    this.findings = findings;
    this.progress = progress;
  }

  /** Fills fresh servers, one at a time: how fast, how much memory, how long the worst pause. */
  void loading() throws IOException {
    for (ServerMode mode : modes) {
      rehearse(mode);
    }
    for (int round = 0; round < settings.loadRounds(); round++) {
      for (ServerMode mode : rotated(modes, round)) {
        try (Contestant contestant = new Contestant(mode, pinning, findings, progress)) {
          long before = contestant.residentBytes();
          Result result = contestant.run(settings.load(settings.loadKeys())).result();
          if (!contestant.failed()) {
            long grown = contestant.residentBytes() - before;
            // Beside the idle server, on the generator's processor, as long as the load took.
            long noiseNs = Math.min(result.elapsedNs(), settings.noiseNs());
            findings.add(mode.name(), result, grown, Clock.longestStopNs(noiseNs));
            say(mode.name(), "loading", result);
          }
        } catch (IOException e) {
          exclude(mode, e);
        }
      }
    }
  }

  /** Loads a server that is then thrown away, so that the generator is compiled when it counts. */
  private void rehearse(ServerMode mode) throws IOException {
    try (Contestant contestant = new Contestant(mode, pinning, findings, progress)) {
      contestant.run(settings.load(Math.min(settings.loadKeys(), REHEARSAL_KEYS)));
    } catch (IOException e) {
      exclude(mode, e);
    }
  }

  /** Runs all servers side by side, each stopped while another is measured. */
  void serving() throws IOException {
    List<Contestant> contestants = new ArrayList<>();
    try {
      for (ServerMode mode : modes) {
        try {
          contestants.add(ready(mode));
          contestants.getLast().pause();
        } catch (IOException e) {
          exclude(mode, e);
        }
      }
      throughput(contestants);
      latency(contestants);
    } finally {
      for (Contestant contestant : contestants) {
        contestant.close();
      }
    }
  }

  private void exclude(ServerMode mode, IOException reason) {
    progress.accept(mode.name() + ": " + reason.getMessage());
    findings.exclude(mode.name(), reason.getMessage());
  }

  private Contestant ready(ServerMode mode) throws IOException {
    Contestant contestant = new Contestant(mode, pinning, findings, progress);
    contestant.run(settings.load(settings.keys()));
    for (Operation operation : OPERATIONS) {
      if (!contestant.failed()) {
        contestant.run(settings.phase(operation, Settings.COMPILE_DEPTH, settings.compileNs()));
      }
    }
    progress.accept(mode.name() + ": ready");
    return contestant;
  }

  private void throughput(List<Contestant> contestants) throws IOException {
    for (int round = 0; round < settings.throughput().rounds(); round++) {
      for (int depth : settings.depths()) {
        for (Operation operation : OPERATIONS) {
          for (Contestant contestant : rotated(contestants, round)) {
            alone(contestant, () -> throughput(contestant, operation, depth));
          }
        }
      }
    }
  }

  /** What is done with a server while it is the only one that runs. */
  private interface Turn {
    void run() throws IOException;
  }

  private static void alone(Contestant contestant, Turn turn) throws IOException {
    contestant.resume();
    turn.run();
    contestant.pause();
  }

  private void throughput(Contestant contestant, Operation operation, int depth)
      throws IOException {
    if (!contestant.failed()) {
      contestant.run(settings.phase(operation, depth, settings.throughput().warmupNs()));
    }
    if (!contestant.failed()) {
      Run run = contestant.run(settings.phase(operation, depth, settings.throughput().measureNs()));
      if (!contestant.failed()) {
        findings.add(new Cell(contestant.name(), operation, depth), run);
        say(contestant.name(), operation + " depth " + depth, run.result());
      }
    }
  }

  private void latency(List<Contestant> contestants) throws IOException {
    for (int round = 0; round < settings.latency().rounds(); round++) {
      for (int depth : settings.latencyDepths()) {
        for (double share : Settings.SHARES) {
          for (Contestant contestant : rotated(contestants, round)) {
            alone(contestant, () -> latency(contestant, depth, share));
          }
        }
      }
    }
  }

  private void latency(Contestant contestant, int depth, double share) throws IOException {
    Throughput peak = findings.throughput(contestant.name(), Operation.GET, depth);
    if (contestant.failed() || peak == null) {
      return;
    }
    Effort effort = settings.latency();
    double rate = peak.rate.median() * share;
    contestant.run(settings.phase(Operation.GET, depth, effort.warmupNs()).atRate(rate));
    if (!contestant.failed()) {
      Result result =
          contestant
              .run(settings.phase(Operation.GET, depth, effort.measureNs()).atRate(rate))
              .result();
      if (!contestant.failed()) {
        findings.add(new Rung(contestant.name(), depth, share), result);
        say(contestant.name(), "GET depth " + depth + " at " + Figures.percent(share), result);
      }
    }
  }

  private void say(String server, String what, Result result) {
    progress.accept(
        String.format(
            Locale.ROOT, "%-22s %-28s %,12.0f a second", server, what, result.ratePerSecond()));
  }

  /** The list, beginning with another element each round. */
  static <T> List<T> rotated(List<T> list, int round) {
    List<T> rotated = new ArrayList<>(list);
    Collections.rotate(rotated, -round);
    return rotated;
  }
}
