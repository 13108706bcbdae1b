package io.fkvs.wire;

import static io.fkvs.wire.Bytes.exactly;

import io.fkvs.wire.CompactRequests.Model;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The receiving end of a compact connection, as plain as can be. */
final class CompactStream {
  private final CompactRequestDecoder decoder;
  private final CompactRequestSkipper skipper = new CompactRequestSkipper();
  private final Request request = new Request();
  private final List<String> outcomes = new ArrayList<>();
  private byte[] kept = {};
  private int mostKept;

  CompactStream(int maxValueLength) {
    decoder = new CompactRequestDecoder(maxValueLength);
  }

  void receive(byte[] bytes) {
    byte[] all = Bytes.concat(kept, bytes);
    MemorySegment buffer = exactly(all);
    int position = 0;
    int length;
    do {
      position += skipper.skip(buffer, position, all.length);
      length = skipper.isDone() ? decoder.decode(buffer, position, all.length, request) : 0;
      position += length;
      if (length > 0) {
        take();
      }
    } while (length > 0);
    kept = Arrays.copyOfRange(all, position, all.length);
    mostKept = Math.max(mostKept, kept.length);
  }

  private void take() {
    if (request.isTooLarge()) {
      outcomes.add(request.command() + " too large");
      skipper.begin(request);
    } else {
      outcomes.add(request.isWellFormed() ? Model.of(request).toString() : "malformed");
    }
  }

  /** What was decoded so far. */
  List<String> outcomes() {
    return outcomes;
  }

  boolean isMalformed() {
    return skipper.isMalformed();
  }

  /** The most bytes that had to be kept for later. */
  int mostKept() {
    return mostKept;
  }
}
