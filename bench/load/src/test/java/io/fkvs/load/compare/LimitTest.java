package io.fkvs.load.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.load.compare.Findings.Throughput;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static Limit limit(double generatorShare, double serverShare) {
    var entry = new Throughput();
    entry.generatorShare.add(generatorShare);
    if (!Double.isNaN(serverShare)) {
      entry.serverShare.add(serverShare);
    }
    return Limit.of(entry);
  }

  @Test
  void shouldFindWhoWasBusyAllTheTime() {
    assertEquals(Limit.GENERATOR, limit(0.99, 0.93));
    assertEquals(Limit.SERVER, limit(0.41, 1));
    assertEquals(Limit.BOTH, limit(0.98, 0.97));
    assertEquals(Limit.NEITHER, limit(0.9, 0.9));
  }

  @Test
  void shouldNotCallAServerBusyWhoseTimeIsNotKnown() {
    assertEquals(Limit.GENERATOR, limit(0.99, Double.NaN));
    assertEquals(Limit.NEITHER, limit(0.5, Double.NaN));
  }
}
