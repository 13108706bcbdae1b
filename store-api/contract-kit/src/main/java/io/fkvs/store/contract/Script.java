package io.fkvs.store.contract;

import java.util.List;

/**
 * Steps in a row, the sample of the stateful properties. Prints one numbered step a line.
 *
 * @param steps the steps
 */
record Script(List<Step> steps) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      text.append("\n  ").append(i + 1).append(". ").append(steps.get(i));
    }
    return steps.isEmpty() ? "no steps" : text.toString();
  }

  /**
   * A script for tables whose hash makes all operations slow: its ranges of keys are short.
   *
   * @param script the script
   */
  record Short(Script script) {
    @Override
    public String toString() {
      return script.toString();
    }
  }
}
