package io.fkvs.load;

import io.fkvs.load.dialect.Dialect;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import io.fkvs.load.dialect.RequestTemplate;
import java.nio.ByteBuffer;

/**
 * Makes one worker's requests: chooses operation and key, and writes the bytes.
 *
 * <p>Where all requests are alike, the templates stand in a connection's output buffer once and for
 * all and only keys and values are written again. Belongs to one thread; allocates nothing after
 * construction.
 */
final class RequestSource {
  private final Mix mix;
  private final KeySequence keys;
  private final SplitMix random;
  private final RequestTemplate[] templates = new RequestTemplate[Operation.values().length];
  private final int maxLength;

  RequestSource(Dialect dialect, Payload payload, Mix mix, KeySequence keys, long seed) {
    this.mix = mix;
    this.keys = keys;
    random = new SplitMix(~seed);
    RequestTemplate main = dialect.request(mix.main(), payload);
    templates[mix.main().ordinal()] = main;
    int longest = main.length();
    if (!mix.single()) {
      RequestTemplate get = dialect.request(Operation.GET, payload);
      templates[Operation.GET.ordinal()] = get;
      longest = Math.max(longest, get.length());
    }
    maxLength = longest;
  }

  /** The length of the longest request, in bytes. */
  int maxLength() {
    return maxLength;
  }

  /** Chooses the next requests and puts them down as expectations. */
  void choose(long[] expectations, int from, int to) {
    Operation main = mix.main();
    keys.fill(expectations, from, to);
    if (mix.single()) {
      for (int i = from; i < to; i++) {
        expectations[i] = main.expectation(expectations[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        boolean read = random.nextDouble() < mix.readShare();
        expectations[i] = (read ? Operation.GET : main).expectation(expectations[i]);
      }
    }
  }

  /** Makes a connection's output buffer ready for {@link #encode}. */
  void prepare(ByteBuffer buffer) {
    if (mix.single()) {
      RequestTemplate template = templates[mix.main().ordinal()];
      int length = template.length();
      for (int offset = 0; offset + length <= buffer.capacity(); offset += length) {
        template.lay(buffer, offset);
      }
    }
  }

  /**
   * Writes requests from the start of a prepared buffer, as many as fit, and sets its position to 0
   * and its limit behind the last.
   *
   * @return the index of the first expectation that was not written
   */
  int encode(ByteBuffer buffer, long[] expectations, int from, int to) {
    return mix.single()
        ? patch(buffer, expectations, from, to)
        : write(buffer, expectations, from, to);
  }

  private int patch(ByteBuffer buffer, long[] expectations, int from, int to) {
    buffer.clear();
    RequestTemplate template = templates[mix.main().ordinal()];
    int length = template.length();
    int end = Math.min(to, from + buffer.capacity() / length);
    int offset = 0;
    for (int i = from; i < end; i++) {
      template.patch(buffer, offset, Operation.id(expectations[i]));
      offset += length;
    }
    buffer.limit(offset);
    return end;
  }

  private int write(ByteBuffer buffer, long[] expectations, int from, int to) {
    buffer.clear();
    int offset = 0;
    int next = from;
    for (; next < to && buffer.capacity() - offset >= maxLength; next++) {
      long expectation = expectations[next];
      RequestTemplate template = templates[Operation.of(expectation).ordinal()];
      template.lay(buffer, offset);
      template.patch(buffer, offset, Operation.id(expectation));
      offset += template.length();
    }
    buffer.limit(offset);
    return next;
  }
}
