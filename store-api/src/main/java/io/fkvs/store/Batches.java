package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes batches for one call of keys and entries in arrays and in text. */
final class Batches {
  private Batches() {}

  static KeyBatch ofKeys(Iterable<byte[]> keys) {
    List<byte[]> all = new ArrayList<>();
    keys.forEach(all::add);
    KeyBatch batch = new KeyBatch(Math.max(1, all.size()));
    for (byte[] key : all) {
      batch.add(MemorySegment.ofArray(key), 0, key.length);
    }
    return batch;
  }

  static KeyBatch ofKeys(Collection<String> keys) {
    return ofKeys((Iterable<byte[]>) keys.stream().map(Utf8::encode)::iterator);
  }

  static EntryBatch of(Iterable<? extends Map.Entry<byte[], byte[]>> entries) {
    List<Map.Entry<byte[], byte[]>> all = new ArrayList<>();
    entries.forEach(all::add);
    EntryBatch batch = new EntryBatch(Math.max(1, all.size()));
    all.forEach(entry -> batch.add(entry.getKey(), entry.getValue()));
    return batch;
  }

  static EntryBatch of(Map<String, String> entries) {
    List<Map.Entry<byte[], byte[]>> all = new ArrayList<>();
    entries.forEach((key, value) -> all.add(Map.entry(Utf8.encode(key), Utf8.encode(value))));
    return of(all);
  }
}
