package io.fkvs.server.gateway;

import io.fkvs.server.replication.AgreedLog;
import io.fkvs.server.replication.Follower;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** A log in memory that the servers of one JVM agree on, and its faults. Any thread. */
public final class MemoryLog {
  private static final int MAX_ENTRY_BYTES = 4 << 20;

  private record Agreed(long timeMs, byte[] bytes) {}

  private final List<Agreed> entries = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final LongSupplier clock;
  private boolean hasMajority = true;
  private boolean isLossy;
  private boolean tellsOfLosses;
  private boolean repeats;
  private int proposals;

  public MemoryLog(LongSupplier clock) {
    this.clock = clock;
  }

  /** The log as one more member uses it, from its begin on. */
  public synchronized Member newMember() {
    Member member = new Member();
    members.add(member);
    return member;
  }

  /** The log as a member uses it that begins with a saved state. */
  public synchronized Member newMember(Path file, long index) {
    Member member = newMember();
    member.restored = file;
    member.next = (int) index;
    return member;
  }

  /** Whether anything is agreed on from now on. */
  public synchronized void hasMajority(boolean has) {
    hasMajority = has;
    wakeAll();
  }

  /** Whether every third proposal gets lost. */
  public synchronized void isLossy(boolean loses) {
    isLossy = loses;
  }

  /** Whether a member is told that its proposal got lost. */
  public synchronized void tellsOfLosses(boolean tells) {
    tellsOfLosses = tells;
  }

  /** Whether every proposal is taken twice. */
  public synchronized void repeats(boolean isTwice) {
    repeats = isTwice;
  }

  /** Tells all members that another one leads. */
  public synchronized void changeLeader() {
    members.forEach(member -> member.hasNewLeader = true);
    wakeAll();
  }

  synchronized int size() {
    return entries.size();
  }

  private void wakeAll() {
    members.forEach(member -> member.wakesLoop.run());
  }

  /** One member's. */
  public final class Member implements AgreedLog {
    private Runnable wakesLoop = () -> {};
    private int next;
    private boolean hasNewLeader;
    private boolean hasLost;
    private boolean isDeaf;
    private Path restored;
    private Path toSave;
    private CompletableFuture<Long> saved;
    private final ArrayDeque<long[]> tickets = new ArrayDeque<>();

    /** Has the state saved; answers the index in it. */
    public long save(Path file) {
      CompletableFuture<Long> done = new CompletableFuture<>();
      synchronized (MemoryLog.this) {
        toSave = file;
        saved = done;
      }
      wakesLoop.run();
      return done.join();
    }

    /** Whether it is told of nothing from now on, although what it proposes is agreed on. */
    public void isDeaf(boolean hearsNothing) {
      synchronized (MemoryLog.this) {
        isDeaf = hearsNothing;
      }
      wakesLoop.run();
    }

    /** Takes a saved state in the place of the entries up to an index. */
    public void restore(Path file, long index) {
      synchronized (MemoryLog.this) {
        restored = file;
        next = (int) index;
      }
    }

    private boolean hearsNothing() {
      synchronized (MemoryLog.this) {
        return isDeaf;
      }
    }

    @Override
    public boolean propose(MemorySegment entry) {
      synchronized (MemoryLog.this) {
        proposals++;
        if (!hasMajority || isLossy && proposals % 3 == 0) {
          hasLost = hasMajority && tellsOfLosses;
          wakesLoop.run();
          return hasMajority;
        }
        Agreed agreed = new Agreed(clock.getAsLong(), entry.toArray(ValueLayout.JAVA_BYTE));
        entries.add(agreed);
        if (repeats) {
          entries.add(agreed);
        }
        wakeAll();
        return true;
      }
    }

    @Override
    public boolean confirm(long ticket) {
      synchronized (MemoryLog.this) {
        proposals++;
        if (!hasMajority || isLossy && proposals % 3 == 0) {
          return hasMajority;
        }
        tickets.add(new long[] {entries.size(), ticket});
        wakesLoop.run();
        return true;
      }
    }

    @Override
    public int poll(Follower follower, int most) {
      if (hearsNothing()) {
        return 0;
      }
      int count = 0;
      if (takeNewLeader()) {
        follower.onLeaderChanged();
      }
      if (takeLoss()) {
        follower.onProposalLost();
      }
      saveOrRestore(follower);
      while (count < most) {
        Agreed agreed = null;
        long ticket = 0;
        synchronized (MemoryLog.this) {
          if (!tickets.isEmpty() && tickets.peek()[0] <= next) {
            ticket = tickets.remove()[1];
          } else if (next < entries.size()) {
            agreed = entries.get(next++);
          } else {
            return count;
          }
        }
        if (agreed == null) {
          follower.onConfirmed(ticket);
        } else {
          follower.onEntry(next, agreed.timeMs, MemorySegment.ofArray(agreed.bytes));
        }
        count++;
      }
      return count;
    }

    private void saveOrRestore(Follower follower) {
      Path file;
      Path from;
      synchronized (MemoryLog.this) {
        file = toSave;
        toSave = null;
        from = restored;
        restored = null;
      }
      if (from != null) {
        follower.onRestore(from, new CompletableFuture<>());
      }
      if (file != null) {
        follower.onSave(file, saved);
      }
    }

    private boolean takeNewLeader() {
      synchronized (MemoryLog.this) {
        boolean had = hasNewLeader;
        hasNewLeader = false;
        return had;
      }
    }

    private boolean takeLoss() {
      synchronized (MemoryLog.this) {
        boolean had = hasLost;
        hasLost = false;
        return had;
      }
    }

    @Override
    public int maxEntryBytes() {
      return MAX_ENTRY_BYTES;
    }

    @Override
    public int leader() {
      return -1;
    }

    @Override
    public void onNews(Runnable wakes) {
      wakesLoop = wakes;
    }
  }
}
