package io.fkvs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.history.Linearizability;
import io.fkvs.wire.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/**
 * What happens to members while clients ask. Afterwards the history of what the clients were told
 * is linearizable, and all members have the same.
 */
enum Events {
  /** The one that leads is killed, and comes back. */
  LEADER_KILLED(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.kill(leader);
      load.await();
      members.start(leader);
    }
  },

  /** One that does not lead is killed, and comes back. */
  FOLLOWER_KILLED(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      int follower = Members.next(members.leader());
      members.kill(follower);
      load.await();
      members.start(follower);
    }
  },

  /** The one that leads stands still until another one does. */
  LEADER_FROZEN(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.freeze(leader);
      load.await();
      members.thaw(leader);
    }
  },

  /** All are killed at once. */
  ALL_KILLED(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      members.killAll();
      members.startAll();
    }
  },

  /** One loses its disk, after the log up to a snapshot may have gone. */
  DIRECTORY_LOST(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      for (int member = 0; member < Members.COUNT; member++) {
        members.snapshot(member);
      }
      int lost = Members.next(members.leader());
      members.kill(lost);
      members.wipe(lost);
      members.start(lost);
    }
  },

  /** One is killed while another catches up, fails at once, is lost, and comes back. */
  ONE_AFTER_ANOTHER(Needs.NOTHING) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      int first = Members.next(leader);
      int second = Members.next(first);
      members.kill(first);
      load.await();
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
  },

  /** The one that leads and the others do not hear each other. */
  LEADER_CUT_OFF(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().cutOff(leader);
      passCutOff(members, leader, load);
    }
  },

  /** One that does not lead and the others do not hear each other. */
  FOLLOWER_CUT_OFF(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int follower = Members.next(members.leader());
      members.network().cutOff(follower);
      passCutOff(members, follower, load);
    }
  },

  /** All are cut off from each other. */
  ALL_CUT_OFF(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      for (int member = 0; member < Members.COUNT; member++) {
        members.network().cutOff(member);
      }
      for (int member = 0; member < Members.COUNT; member++) {
        assertRefuses(members, member);
      }
      members.network().heal();
    }
  },

  /** The one that leads and another one do not hear each other, the third one hears both. */
  LINK_CUT(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().cutBetween(leader, Members.next(leader));
      passDisturbance(members, load);
    }
  },

  /** Another one does not hear the one that leads, which hears it. */
  LINK_CUT_FROM_LEADER(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().cut(leader, Members.next(leader));
      passDisturbance(members, load);
    }
  },

  /** The one that leads does not hear another one, which hears it. */
  LINK_CUT_TO_LEADER(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().cut(Members.next(leader), leader);
      passDisturbance(members, load);
    }
  },

  /** The others do not hear the one that leads, which hears them. */
  LEADER_MUTE(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().mute(leader);
      passCutOff(members, leader, load);
    }
  },

  /** The one that leads does not hear the others, which hear it. */
  LEADER_DEAF(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      int leader = members.leader();
      members.network().deafen(leader);
      passCutOff(members, leader, load);
    }
  },

  /** One link after another does not carry anything for a moment, in one direction. */
  LINKS_FLAP(Needs.NETWORK) {
    @Override
    void happen(Members members, Load load) {
      for (int i = 0; i < FLAPS; i++) {
        members.network().cutSome();
        load.goOn(members.network().moment());
        members.network().heal();
        load.goOn(members.network().moment());
      }
    }
  },

  /** Packets of the one that leads get lost. */
  LEADER_LOSES_PACKETS(Needs.LOSS) {
    @Override
    void happen(Members members, Load load) {
      members.network().loseSome(members.leader());
      passDisturbance(members, load);
    }
  },

  /** Packets of the one that leads are late. */
  LEADER_SLOW(Needs.DELAY) {
    @Override
    void happen(Members members, Load load) {
      members.network().slow(members.leader());
      passDisturbance(members, load);
    }
  },

  /** The disk of the one that leads is full. */
  LEADER_DISK_FULL(Needs.DISKS) {
    @Override
    void happen(Members members, Load load) {
      startPrograms(members);
      passFullDisk(members, members.leader(), load);
    }
  },

  /** The disk of one that does not lead is full. */
  FOLLOWER_DISK_FULL(Needs.DISKS) {
    @Override
    void happen(Members members, Load load) {
      startPrograms(members);
      passFullDisk(members, Members.next(members.leader()), load);
    }
  };

  /** How long a client waits for a majority. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Enough for elections, and for clients to lose their patience. */
  private static final Duration LONG = PATIENCE.multipliedBy(2);

  private static final int FLAPS = 20;

  /** The exit status of a member whose disk is full. */
  private static final int DISK_FULL = 4;

  /** What the members must have so that it can happen. */
  private enum Needs {
    NOTHING(_ -> true),
    NETWORK(Members::haveNetwork),
    LOSS(members -> members.haveNetwork() && members.network().canLoseSome()),
    DELAY(members -> members.haveNetwork() && members.network().canBeSlow()),
    DISKS(Members::haveDisks);

    private final Predicate<Members> isThere;

    Needs(Predicate<Members> isThere) {
      this.isThere = isThere;
    }
  }

  private final Needs needs;

  Events(Needs needs) {
    this.needs = needs;
  }

  final boolean isPossible(Members members) {
    return needs.isThere.test(members);
  }

  abstract void happen(Members members, Load load);

  /** Lets it happen while clients ask, who are answered so many requests before it and after it. */
  final void run(Members members, String prefix, int requests)
      throws InterruptedException, ExecutionException {
    try (Load load = new Load(members, prefix, requests)) {
      load.await();
      happen(members, load);
      load.await();
      assertEquals("linearizable", Linearizability.check(load.end()).toString(), this::name);
    }
    members.awaitSame();
  }

  /** A member that is cut off now refuses its clients, while others go on, and comes back. */
  private static void passCutOff(Members members, int member, Load load) {
    assertRefuses(members, member);
    load.await();
    members.network().heal();
  }

  /** A network that has just been disturbed stays so for long, and works again. */
  private static void passDisturbance(Members members, Load load) {
    load.goOn(LONG);
    load.await();
    members.network().heal();
  }

  /** Who asks a member that is cut off is told so in time, and is told nothing old. */
  private static void assertRefuses(Members members, int member) {
    ClientConfig config = Members.config().withReadTimeout(PATIENCE.multipliedBy(2));
    try (FkvsClient client = FkvsClient.connect(members.address(member), config)) {
      FkvsException refusal = assertThrows(FkvsException.class, () -> client.get("key"));
      assertEquals(Optional.of(ErrorCode.NO_MAJORITY), refusal.code(), refusal::toString);
    }
  }

  /** A member whose disk is full stops and says why, while others go on, and comes back. */
  private static void passFullDisk(Members members, int member, Load load) {
    members.disk(member).fill();
    assertEquals(DISK_FULL, members.awaitEnd(member));
    load.await();
    members.disk(member).free();
    members.startProgram(member);
    members.awaitMajority(member);
    members.killAll();
    members.startAll();
  }

  /** Starts all again as users do: their exit status counts. */
  private static void startPrograms(Members members) {
    members.killAll();
    for (int member = 0; member < Members.COUNT; member++) {
      members.startProgram(member);
    }
    members.awaitMajority();
  }
}
