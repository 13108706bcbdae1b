package io.fkvs.store;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a store does with an entry that does not fit {@link StoreConfig#maxBytes()}. Each policy has
 * the name that Redis gives to the one that is most like it.
 */
public enum EvictionPolicy {
  /** Refuses the entry with a {@link StoreFullException}. This is the default. */
  NONE("noeviction"),

  /**
   * Removes other entries until it fits: first those that have expired, then new ones that nobody
   * has used since they came, then those that were used least. An entry that does not fit an empty
   * store is still refused, and nothing is removed for it.
   */
  LEAST_USED("allkeys-lfu");

  private final String policyName;

  EvictionPolicy(String policyName) {
    this.policyName = policyName;
  }

  /**
   * The name by which a configuration chooses the policy.
   *
   * @return the name that Redis has for it
   */
  public String policyName() {
    return policyName;
  }

  /**
   * The policy of a name.
   *
   * @param name a {@link #policyName()}
   * @return the policy
   * @throws IllegalArgumentException if there is none of that name
   */
  public static EvictionPolicy of(String name) {
    return Arrays.stream(values())
        .filter(policy -> policy.policyName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no such eviction policy: name=" + name + ", available=" + names()));
  }

  private static String names() {
    return Arrays.stream(values())
        .map(EvictionPolicy::policyName)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
