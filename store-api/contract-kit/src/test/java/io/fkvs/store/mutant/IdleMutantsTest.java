package io.fkvs.store.mutant;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.Depth;
import io.fkvs.store.contract.ExpiryAfterAccessContract;
import java.util.List;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of expiry after access catch each store that is broken there. */
class IdleMutantsTest {
  private static final int PROPERTIES = 17;

  /** The laws on the store of the moment; no test by itself, for its name says none. */
  @AddLifecycleHook(MutantsTest.StopWhenCaught.class)
  static final class Victim extends ExpiryAfterAccessContract {
    @Override
    public Store open(StoreConfig config) {
      return MutantsTest.factory.apply(config);
    }
  }

  @BeforeEach
  void lowerTheDepth() {
    System.setProperty(Depth.TRIES, Integer.toString(MutantsTest.TRIES));
  }

  @AfterEach
  void restoreTheDepth() {
    System.clearProperty(Depth.TRIES);
  }

  static List<Mutant> broken() {
    return IdleMutants.all();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void shouldCatchABrokenStore(Mutant mutant) {
    MutantsTest.run(mutant, Victim.class, PROPERTIES);
    System.out.println(mutant + ": caught by " + MutantsTest.outcome.failed);
    assertFalse(MutantsTest.outcome.failed.isEmpty(), () -> "the kit lets pass: " + mutant);
  }
}
