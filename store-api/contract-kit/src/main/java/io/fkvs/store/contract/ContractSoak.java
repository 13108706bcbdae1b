package io.fkvs.store.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the contract and equivalence tests of a module again and again, a fresh seed a round, for as
 * many minutes as the system property {@code soak.minutes} says. Its name keeps it out of an
 * ordinary run; {@code mvn verify -Psoak -Dsoak.minutes=60} runs it alone, in each module that has
 * such tests. A failure names the seed that shows it again.
 */
class ContractSoak {
  /** More than in an ordinary run: what a round costs besides its tries should not matter. */
  private static final String TRIES_A_ROUND = "400";

  private static final Pattern TRIES = Pattern.compile("\\btries = (\\d+)");

  @Test
  void shouldHoldWithFreshSeedsForAsLongAsAsked() {
    Duration duration = Duration.ofMinutes(Long.getLong("soak.minutes", 10));
    Instant end = Instant.now().plus(duration);
    List<Class<?>> classes = contracts(Path.of(System.getProperty("soak.classes")));
    if (classes.isEmpty()) {
      System.out.println("soak: this module has no contract test");
      return;
    }
    Tally tally = new Tally();
    int round = 0;
    do {
      String seed = Long.toString(ThreadLocalRandom.current().nextLong());
      play(classes, seed, tally);
      System.out.printf(
          "soak: round=%d, seed=%s, properties=%d, tries=%d%n",
          ++round, seed, tally.properties, tally.tries);
    } while (Instant.now().isBefore(end));
  }

  private static List<Class<?>> contracts(Path folder) {
    return ReflectionSupport.findAllClassesInClasspathRoot(
        folder.toUri(), ContractSoak::isContract, name -> name.matches(".*(Test|Properties)"));
  }

  private static boolean isContract(Class<?> type) {
    return !Modifier.isAbstract(type.getModifiers())
        && (StoreContract.class.isAssignableFrom(type)
            || ExpiryAfterAccessContract.class.isAssignableFrom(type)
            || StoreEquivalence.class.isAssignableFrom(type));
  }

  private static void play(List<Class<?>> classes, String seed, Tally tally) {
    System.setProperty(Depth.SEED, seed);
    System.setProperty(Depth.TRIES, System.getProperty(Depth.TRIES, TRIES_A_ROUND));
    List<ClassSelector> selectors = new ArrayList<>();
    classes.forEach(type -> selectors.add(selectClass(type)));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.reporting.onlyfailures", "false")
            .configurationParameter("jqwik.database", "")
            .build();
    LauncherFactory.create().execute(request, tally);
    if (!tally.failures.isEmpty()) {
      throw new AssertionError(
          "soak failed; see it again with -D"
              + Depth.SEED
              + "="
              + seed
              + " -D"
              + Depth.TRIES
              + "="
              + System.getProperty(Depth.TRIES)
              + ":\n"
              + String.join("\n", tally.failures));
    }
  }

  private static final class Tally implements TestExecutionListener {
    final List<String> failures = new ArrayList<>();
    String lastReport = "";
    long properties;
    long tries;

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      lastReport = entry.getKeyValuePairs().toString();
      Matcher matcher = TRIES.matcher(lastReport);
      tries += matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      properties += test.isTest() ? 1 : 0;
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        failures.add(
            test.getUniqueId() + ": " + result.getThrowable().orElseThrow() + "\n" + lastReport);
      }
    }
  }
}
