package io.fkvs.store.contract;

/**
 * An expected answer that the contract leaves some room for.
 *
 * @param least the least number allowed
 * @param most the greatest number allowed
 */
record Within(long least, long most) {
  boolean allows(Object answer) {
    return answer instanceof Number number
        && number.longValue() >= least
        && number.longValue() <= most;
  }

  @Override
  public String toString() {
    return least == most ? Long.toString(least) : least + " to " + most;
  }
}
