package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.fkvs.store.durable.crash.CrashContract;
import io.fkvs.store.durable.crash.Opened;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit bites: a log with a fault does not pass. */
class BrokenLogsTest {
  /** The store under test at the moment; the kit makes its class itself. */
  private static BrokenLogs.Broken broken;

  /** Whether a law has caught it; the others need not be looked at any more. */
  private static boolean isCaught;

  /** A store with a fault, under the kit. */
  static final class Victim extends CrashContract {
    @Override
    public DurableOptions options() {
      return super.options().withProvider(Tables.SWISS);
    }

    @Override
    public Opened open(SimulatedDisk disk, DurableOptions options) {
      if (isCaught) {
        throw new AssertionError("another law has caught it");
      }
      return broken.opener().apply(disk, options);
    }
  }

  static List<BrokenLogs.Broken> broken() {
    return BrokenLogs.all();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void shouldCatchABrokenLog(BrokenLogs.Broken log) {
    Quiet.logs();
    broken = log;
    isCaught = false;
    Outcome outcome = new Outcome();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(Victim.class))
            .configurationParameter("jqwik.shrinking.default", "OFF")
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", "")
            .build();
    LauncherFactory.create().execute(request, outcome);
    assertEquals(5, outcome.finished);
    assertTrue(outcome.failure != null, () -> "the kit lets pass: " + log);
    System.out.println(log + ": " + outcome.failure.toString().lines().findFirst().orElse(""));
  }

  @Test
  void shouldHaveFaultsEnough() {
    assertTrue(BrokenLogs.all().size() >= 15, "faults=" + BrokenLogs.all().size());
  }

  private static final class Outcome implements TestExecutionListener {
    int finished;
    Throwable failure;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        finished++;
        failure = failure == null ? result.getThrowable().orElse(null) : failure;
        isCaught = failure != null;
      }
    }
  }
}
