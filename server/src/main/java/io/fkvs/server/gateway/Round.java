package io.fkvs.server.gateway;

import io.fkvs.server.command.Agreement.Verdict;
import io.fkvs.server.command.Conversation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What clients wait for together: requests that change something, to be agreed on as one entry, and
 * clients that want to read afterwards.
 */
final class Round {
  private static final int FIRST_BYTES = 4 << 10;

  private final List<Run> runs = new ArrayList<>();
  private final List<Run> readers = new ArrayList<>();
  private byte[] requests = new byte[FIRST_BYTES];
  private int length;
  private byte[] entry;
  private long sequence;
  private long sinceMs;
  private boolean isTaken;
  private boolean isRefused;

  /** Consecutive requests of one client: all of them only look, or some change something. */
  static final class Run {
    final Conversation client;
    final int protocol;
    int count;
    int length;

    /** How long the replies to those that only look will be, more or less. */
    long replyBytes;

    /** Whether any of them changes something. */
    private boolean isChange;

    /** Whether its client waits for it: it has not been told anything else. */
    private boolean isAwaited = true;

    Run(Conversation client, int protocol) {
      this.client = client;
      this.protocol = protocol;
    }

    boolean isChange() {
      return isChange;
    }

    /** Lets the client go on, if it is there and waits; answers whether it does. */
    boolean decide(Verdict verdict, boolean mustFollow) {
      boolean isThere = isAwaited && client.decide(count, verdict, mustFollow);
      isAwaited = false;
      return isThere;
    }
  }

  boolean isEmpty() {
    return runs.isEmpty() && readers.isEmpty();
  }

  /** Whether anything is to be changed. */
  boolean changes() {
    return !runs.isEmpty();
  }

  List<Run> runs() {
    return runs;
  }

  /** Those who want to read when all before is carried out. */
  List<Run> readers() {
    return readers;
  }

  /** The length of the requests that change something. */
  int length() {
    return length;
  }

  /** When the first client began to wait. */
  long sinceMs() {
    return sinceMs;
  }

  /** Whether everybody has been told that no majority answers. */
  boolean isRefused() {
    return isRefused;
  }

  /** Begins a client's run. */
  Run begin(Conversation client, int protocol, boolean isChange, long nowMs) {
    if (isEmpty()) {
      sinceMs = nowMs;
    }
    Run run = new Run(client, protocol);
    run.isChange = isChange;
    (isChange ? runs : readers).add(run);
    return run;
  }

  /** The last run changes something, too. */
  void change(Run run) {
    readers.removeLast();
    run.isChange = true;
    runs.add(run);
  }

  /** Adds bytes to the last run. */
  void append(Run run, MemorySegment bytes, long offset, int bytesLength) {
    if (requests.length - length < bytesLength) {
      requests = Arrays.copyOf(requests, Math.max(2 * requests.length, length + bytesLength));
    }
    MemorySegment.copy(bytes, offset, MemorySegment.ofArray(requests), length, bytesLength);
    length += bytesLength;
    run.length += bytesLength;
  }

  /** Makes an entry of it, to which nothing is added. */
  void seal(long number) {
    sequence = number;
    int requestsAt = Entry.HEADER_BYTES + runs.size() * Entry.RUN_BYTES;
    entry = new byte[requestsAt + length];
    MemorySegment segment = MemorySegment.ofArray(entry);
    for (int i = 0; i < runs.size(); i++) {
      Entry.writeRun(segment, i, runs.get(i).length, runs.get(i).protocol);
    }
    System.arraycopy(requests, 0, entry, requestsAt, length);
    requests = null;
  }

  /** Its number among those of this member. */
  long sequence() {
    return sequence;
  }

  /** The entry, to be proposed in the name of an incarnation. */
  MemorySegment entry(int member, long incarnation) {
    MemorySegment segment = MemorySegment.ofArray(entry);
    Entry.write(segment, Entry.Kind.ROUND, member, runs.size(), incarnation, sequence);
    return segment;
  }

  /** Whether the log has taken it, so that it is on its way. */
  boolean isTaken() {
    return isTaken;
  }

  void taken(boolean wasTaken) {
    isTaken = wasTaken;
  }

  /** Tells all clients that wait for it that they do so in vain. */
  void refuse(Verdict ofChanges) {
    isRefused = true;
    for (Run run : runs) {
      run.decide(ofChanges, false);
    }
    for (Run reader : readers) {
      reader.decide(Verdict.REFUSE_NO_MAJORITY, false);
    }
    readers.clear();
  }
}
