package io.fkvs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.history.History;
import io.fkvs.history.Linearizability;
import io.fkvs.history.Recorder;
import io.fkvs.history.Workload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What happens to members while clients ask. Afterwards the history of what the clients were told
 * is linearizable, and all members have the same.
 */
enum Events {
  /** The one that leads is killed, and comes back. */
  LEADER_KILLED {
    @Override
    void happen(Members members, Progress progress) {
      int leader = members.leader();
      members.kill(leader);
      progress.await();
      members.start(leader);
    }
  },

  /** One that does not lead is killed, and comes back. */
  FOLLOWER_KILLED {
    @Override
    void happen(Members members, Progress progress) {
      int follower = (members.leader() + 1) % Members.COUNT;
      members.kill(follower);
      progress.await();
      members.start(follower);
    }
  },

  /** The one that leads stands still until another one does. */
  LEADER_FROZEN {
    @Override
    void happen(Members members, Progress progress) {
      int leader = members.leader();
      members.freeze(leader);
      progress.await();
      members.thaw(leader);
    }
  },

  /** All are killed at once. */
  ALL_KILLED {
    @Override
    void happen(Members members, Progress progress) {
      members.killAll();
      members.startAll();
    }
  },

  /** One loses its disk, after the log up to a snapshot may have gone. */
  DIRECTORY_LOST {
    @Override
    void happen(Members members, Progress progress) {
      for (int member = 0; member < Members.COUNT; member++) {
        members.snapshot(member);
      }
      int lost = (members.leader() + 1) % Members.COUNT;
      members.kill(lost);
      members.wipe(lost);
      members.start(lost);
    }
  },

  /** One is killed while another catches up, fails at once, is lost, and comes back. */
  ONE_AFTER_ANOTHER {
    @Override
    void happen(Members members, Progress progress) {
      int leader = members.leader();
      int first = (leader + 1) % Members.COUNT;
      int second = (leader + 2) % Members.COUNT;
      members.kill(first);
      progress.await();
      members.snapshot(leader);
      members.start(first);
      members.kill(second);
      members.start(second);
      members.kill(second);
      members.awaitMajority(first);
      members.wipe(second);
      members.start(second);
      members.awaitMajority(second);
      members.snapshot(leader);
      members.kill(leader);
      members.start(leader);
    }
  };

  /** How long a client waits for a majority. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int CLIENTS = 6;
  private static final int KEYS = 24;

  /** Lets the clients go on. */
  interface Progress {
    /** Waits until they were answered some more requests. */
    void await();
  }

  abstract void happen(Members members, Progress progress);

  /** Lets it happen while each of some clients asks so many requests. */
  final void run(Members members, String prefix, int requests)
      throws InterruptedException, ExecutionException {
    AnyMember target = new AnyMember(members);
    Workload workload =
        Workload.defaults()
            .withClients(CLIENTS)
            .withRequests(requests)
            .withKeys(KEYS)
            .withPrefix(prefix);
    CompletableFuture<History> recorded = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> record(target, workload, recorded));
    Progress progress =
        () -> {
          long enough = target.answered() + requests;
          members.await("requests", () -> target.answered() >= enough || recorded.isDone());
        };
    progress.await();
    happen(members, progress);
    assertEquals("linearizable", Linearizability.check(recorded.get()).toString(), this::name);
    members.awaitSame();
  }

  private static void record(
      AnyMember target, Workload workload, CompletableFuture<History> recorded) {
    try {
      recorded.complete(Recorder.record(target, workload));
    } catch (InterruptedException | RuntimeException e) {
      recorded.completeExceptionally(e);
    }
  }
}
