package io.fkvs.bench.hitratio;

import com.github.benmanes.caffeine.cache.simulator.admission.Admission;
import com.github.benmanes.caffeine.cache.simulator.policy.Policy;
import com.github.benmanes.caffeine.cache.simulator.policy.linked.LinkedPolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.linked.SievePolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.product.CaffeinePolicy;
import com.github.benmanes.caffeine.cache.simulator.policy.two_queue.S3FifoPolicy;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The simulator's caches that the store is compared with, as the simulator sets them up. */
enum Rival {
  CAFFEINE("Caffeine", config -> new CaffeinePolicy(config, Set.of())),
  S3_FIFO("S3-FIFO", S3FifoPolicy::new),
  SIEVE("SIEVE", SievePolicy::new),
  LRU(
      "LRU",
      config ->
          new LinkedPolicy(config, Set.of(), Admission.ALWAYS, LinkedPolicy.EvictionPolicy.LRU));

  private static final String ROOT = "caffeine.simulator";
  private static final Config DEFAULTS = ConfigFactory.load();

  final String label;
  private final Function<Config, Policy> factory;

  Rival(String label, Function<Config, Policy> factory) {
    this.label = label;
    this.factory = factory;
  }

  /** Makes an empty cache for so many entries. */
  Policy open(long entries) {
    Config size = ConfigFactory.parseMap(Map.of(ROOT + ".maximum-size", entries));
    return factory.apply(size.withFallback(DEFAULTS).getConfig(ROOT));
  }
}
