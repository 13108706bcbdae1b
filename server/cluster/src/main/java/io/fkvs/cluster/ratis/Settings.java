package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Group;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.server.RaftServerConfigKeys.Write;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is run, every number with its reason. */
final class Settings {
  /** The longest entry, in bytes: twice the largest frame of a gateway. */
  static final int MAX_ENTRY = Consensus.MAX_ENTRY_BYTES;

  /** What surrounds an entry in the log and on the wire: time, identity of the request, term. */
  private static final int HEADER = 64 << 10;

  /**
   * How long a follower waits for a leader before it stands for election, in milliseconds: between
   * this and twice this. The leader sends a sign of life twice within it. A member that is busy or
   * syncs its disk for half a second keeps its office; after a crash the others have a new leader
   * within two seconds.
   */
  static final int ELECTION_MS = 1000;

  /**
   * The same for the first election after a start. It can be short: a member that has just started
   * asks first whether it would be elected, and where there is a leader it is not.
   */
  private static final int FIRST_ELECTION_MS = 200;

  /** A file of the log, in bytes. Whole files are cached and deleted. */
  private static final int SEGMENT = 8 << 20;

  /** Closed files of the log that are kept in memory, for followers that are a little behind. */
  private static final int CACHED_SEGMENTS = 2;

  /** What may wait for the disk or for the other members, in bytes. */
  static final int MAX_IN_FLIGHT = 2 * MAX_ENTRY;

  /** How many entries may wait for the disk or for the other members. */
  static final int MAX_IN_FLIGHT_ENTRIES = 4096;

  private Settings() {}

  static RaftProperties of(Group.Address own, Path directory) {
    RaftProperties settings = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(settings, List.of(directory.toFile()));
    elections(settings);
    log(settings);
    snapshots(settings);
    transport(settings, own);
    return settings;
  }

  private static void elections(RaftProperties settings) {
    Rpc.setTimeoutMin(settings, ms(ELECTION_MS));
    Rpc.setTimeoutMax(settings, ms(2 * ELECTION_MS));
    Rpc.setFirstElectionTimeoutMin(settings, ms(FIRST_ELECTION_MS));
    Rpc.setFirstElectionTimeoutMax(settings, ms(3 * FIRST_ELECTION_MS));
    RaftServerConfigKeys.LeaderElection.setPreVote(settings, true);
    // A member that was stopped for long goes on. Ratis would end it after a minute.
    RaftServerConfigKeys.setCloseThreshold(settings, TimeDuration.valueOf(10_000, TimeUnit.DAYS));
  }

  private static void log(RaftProperties settings) {
    // An entry counts when it is synced: it is acknowledged after, not before or without.
    Log.setUnsafeFlushEnabled(settings, false);
    Log.setAsyncFlushEnabled(settings, false);
    Log.setCorruptionPolicy(settings, Log.CorruptionPolicy.EXCEPTION);
    // After each commit the leader would log how far it is: another sync on each member.
    Log.setLogMetadataEnabled(settings, false);
    Log.setSegmentSizeMax(settings, SizeInBytes.valueOf(SEGMENT));
    Log.setPreallocatedSize(settings, SizeInBytes.valueOf(1 << 20));
    Log.setSegmentCacheNumMax(settings, CACHED_SEGMENTS);
    Log.setSegmentCacheSizeMax(settings, SizeInBytes.valueOf(CACHED_SEGMENTS * (long) SEGMENT));
    Log.setWriteBufferSize(settings, SizeInBytes.valueOf(MAX_ENTRY + 2 * HEADER));
    Log.setQueueByteLimit(settings, SizeInBytes.valueOf(2 * MAX_IN_FLIGHT));
    Log.setQueueElementLimit(settings, MAX_IN_FLIGHT_ENTRIES);
    Write.setByteLimit(settings, SizeInBytes.valueOf(4 * MAX_IN_FLIGHT));
    Write.setElementLimit(settings, 4 * MAX_IN_FLIGHT_ENTRIES);
    // No fixed wait before each message: PromptGrpc gathers entries while others are on their way.
    Log.Appender.setWaitTimeMin(settings, ms(0));
    Log.Appender.setBufferByteLimit(settings, SizeInBytes.valueOf(MAX_ENTRY + HEADER));
    // Proposals carry what tells them apart: the answers to old ones need not be kept.
    RaftServerConfigKeys.RetryCache.setExpiryTime(settings, ms(1000));
    RaftServerConfigKeys.Read.ReadAfterWriteConsistent.setWriteIndexCacheExpiryTime(
        settings, ms(1000));
  }

  private static void snapshots(RaftProperties settings) {
    // ReplicaMachine decides when. Its answer is how far the log may be purged.
    Snapshot.setAutoTriggerEnabled(settings, false);
    Snapshot.setTriggerWhenStopEnabled(settings, false);
    Snapshot.setTriggerWhenRemoveEnabled(settings, false);
    Snapshot.setCreationGap(settings, 1);
    Log.setPurgeUptoSnapshotIndex(settings, true);
    Log.setPurgeGap(settings, 1);
    RaftServerConfigKeys.setStagingTimeout(settings, ms(60_000));
    Log.Appender.setSnapshotChunkSizeMax(settings, SizeInBytes.valueOf(MAX_ENTRY));
  }

  private static void transport(RaftProperties settings, Group.Address own) {
    RaftConfigKeys.Rpc.setType(settings, new PromptGrpc());
    GrpcConfigKeys.Server.setHost(settings, own.host());
    GrpcConfigKeys.Server.setPort(settings, own.port());
    GrpcConfigKeys.setMessageSizeMax(settings, SizeInBytes.valueOf(2 * MAX_ENTRY));
    GrpcConfigKeys.setFlowControlWindow(settings, SizeInBytes.valueOf(MAX_ENTRY));
  }

  private static TimeDuration ms(int ms) {
    return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
  }
}
