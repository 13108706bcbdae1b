package io.fkvs.store.contract;

import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How deep the kit looks, and where it begins: two system properties.
 *
 * <ul>
 *   <li>{@value #TRIES}: how many samples each property sees; {@value #DEFAULT_TRIES} unless set.
 *   <li>{@value #SEED}: the seed of every property, to see a failure again; unless set, each
 *       property has one of its own that is the same in every run.
 * </ul>
 *
 * <p>A counterexample is reported with its seed. {@link ContractSoak} runs with fresh seeds.
 */
public final class Depth implements AroundPropertyHook {
  /** The system property that sets the number of tries. */
  public static final String TRIES = "fkvs.contract.tries";

  /** The system property that sets the seed. */
  public static final String SEED = "fkvs.contract.seed";

  /** Enough for each law to meet its interesting samples, in seconds for a whole contract. */
  static final int DEFAULT_TRIES = 100;

  /** For jqwik. */
  public Depth() {}

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    attributes.setSeed(seed(context));
    attributes.setAfterFailure(AfterFailureMode.RANDOM_SEED);
    if (attributes.edgeCases().isEmpty()) {
      attributes.setEdgeCases(EdgeCasesMode.NONE); // the kit's domain has its own
    }
    if (attributes.tries().isEmpty()) {
      attributes.setTries(tries());
    }
    return property.execute();
  }

  private static int tries() {
    return Integer.getInteger(TRIES, DEFAULT_TRIES);
  }

  /** Shares of few samples say nothing of their generator. */
  static boolean isEnoughForStatistics() {
    return tries() >= DEFAULT_TRIES;
  }

  private static String seed(PropertyLifecycleContext context) {
    String name = context.containerClass().getName() + "." + context.targetMethod().getName();
    return System.getProperty(SEED, Integer.toString(name.hashCode()));
  }

  /** Outside the hooks of others, so that these may still change what it sets. */
  @Override
  public int aroundPropertyProximity() {
    return -10;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
