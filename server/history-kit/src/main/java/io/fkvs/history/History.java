package io.fkvs.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What many clients asked and were told. Every key is absent before the first operation.
 *
 * @param operations the operations, those of each client in their order; copied
 */
public record History(List<Operation> operations) {
  /** Creates a history. */
  public History {
    operations = List.copyOf(operations);
  }

  /** {@return the operations on each key, in the order in which they stand here} */
  public Map<String, List<Operation>> byKey() {
    return operations.stream()
        .collect(groupingBy(operation -> operation.request().key(), TreeMap::new, toList()));
  }
}
