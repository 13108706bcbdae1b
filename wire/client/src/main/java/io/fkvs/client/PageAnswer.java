package io.fkvs.client;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.util.ArrayList;
import java.util.List;

/** Reads the answer to a SCAN, which is several replies: the next cursor, a number, the keys. */
final class PageAnswer implements Answer<ScanPage> {
  private static final long UNKNOWN = -1;

  private final List<byte[]> keys = new ArrayList<>();
  private boolean hasCursor;
  private long cursor;
  private long missing = UNKNOWN;

  @Override
  public ScanPage of(Command command, Reply reply) {
    if (!hasCursor) {
      cursor = CompactAnswer.number(command, reply);
      hasCursor = true;
    } else if (missing == UNKNOWN) {
      missing = CompactAnswer.number(command, reply);
      if (missing < 0) {
        throw new FkvsConnectionException(
            "page has a negative number of keys: count=" + missing, null);
      }
    } else {
      keys.add(CompactAnswer.value(command, reply));
      missing--;
    }
    return needsMore() ? null : new ScanPage(cursor, List.copyOf(keys));
  }

  @Override
  public boolean needsMore() {
    return missing != 0;
  }
}
