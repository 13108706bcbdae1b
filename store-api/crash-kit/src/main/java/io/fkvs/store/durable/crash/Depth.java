package io.fkvs.store.durable.crash;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How many random scripts are played, and which: the system properties {@value #TRIES} and {@value
 * #SEED}.
 */
public final class Depth implements AroundPropertyHook {
  /** The system property that sets the number of scripts; {@value #DEFAULT_TRIES} unless set. */
  public static final String TRIES = "fkvs.crash.tries";

  /** The system property that sets the seed; the same in every run unless set. */
  public static final String SEED = "fkvs.crash.seed";

  static final int DEFAULT_TRIES = 200;

  /** For jqwik. */
  public Depth() {}

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    boolean isRandom = context.targetMethod().getParameterCount() > 0;
    if (isRandom) {
      context.attributes().setTries(Integer.getInteger(TRIES, DEFAULT_TRIES));
      context.attributes().setSeed(System.getProperty(SEED, "18"));
    }
    return property.execute();
  }

  @Override
  public int aroundPropertyProximity() {
    return -10;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
