package io.fkvs.server.gateway;

import io.fkvs.server.replication.Replication;
import io.fkvs.store.Store;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.EntryFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/*
 *   0                                                             512
 *   | magic | index | time | hash | rounds | proposers | 0 | crc  | the entries, as a base has them |
 *     8       8       8      8      8        16 times 16     4
 */

/**
 * What a member has beside the entries of the store: it follows from the entries of the log alone,
 * and is the same on all members that have carried out the same ones.
 */
final class ReplicaState {
  private static final int HEADER_BYTES = 512;
  private static final int CRC_AT = HEADER_BYTES - Integer.BYTES;

  /** "fkvsrep1", little-endian. */
  private static final long MAGIC = 0x3170_6572_7376_6b66L;

  private final ReplicaClock clock = new ReplicaClock();
  private final Proposers proposers = new Proposers();
  private final StateHash hash = new StateHash();
  private final Checkpoints checkpoints;
  private long index;

  ReplicaState(int members) {
    checkpoints = new Checkpoints(members);
  }

  /** The next entry is carried out. */
  void begin(long nextIndex, long timeMs) {
    index = nextIndex;
    clock.advanceTo(timeMs);
  }

  /** The place of the last entry that was carried out. */
  long index() {
    return index;
  }

  ReplicaClock clock() {
    return clock;
  }

  Proposers proposers() {
    return proposers;
  }

  StateHash hash() {
    return hash;
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  // ---- saved states

  /**
   * Writes the state and the entries of the store to a file, which another thread syncs.
   *
   * @param saved completed with the index when the file is on the disk, or with why it is not
   */
  void save(Store store, Path file, CompletableFuture<Long> saved) {
    long savedIndex = index;
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      ShiftedFile entries = new ShiftedFile(channel, HEADER_BYTES);
      EntryFile.write(entries, store, clock.millis());
      entries.writeBefore(header());
      Thread.ofPlatform()
          .name("fkvs-replica-sync")
          .daemon()
          .start(() -> sync(channel, savedIndex, saved));
    } catch (IOException | RuntimeException e) {
      saved.completeExceptionally(e);
    }
  }

  private static void sync(FileChannel channel, long savedIndex, CompletableFuture<Long> saved) {
    try (channel) {
      channel.force(true);
    } catch (IOException e) {
      saved.completeExceptionally(e);
      return;
    }
    saved.complete(savedIndex);
  }

  private ByteBuffer header() {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putLong(index).putLong(clock.millis());
    bytes.putLong(hash.value()).putLong(checkpoints.rounds());
    for (int member = 0; member < Replication.MAX_MEMBERS; member++) {
      bytes.putLong(proposers.incarnation(member)).putLong(proposers.sequence(member));
    }
    bytes.putInt(CRC_AT, crc(bytes));
    return bytes.clear();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }

  /**
   * Becomes a state that was saved, and fills the store with its entries.
   *
   * @throws CorruptException if the file is damaged
   * @throws IllegalStateException if it cannot be read
   */
  void restore(Store store, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ShiftedFile entries = new ShiftedFile(channel, HEADER_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      entries.readBefore(bytes);
      if (bytes.hasRemaining() || bytes.getLong(0) != MAGIC || bytes.getInt(CRC_AT) != crc(bytes)) {
        throw new CorruptException("header is damaged", file.toString(), 0);
      }
      bytes.flip().position(Long.BYTES);
      long savedIndex = bytes.getLong();
      clock.restore(bytes.getLong());
      long savedHash = bytes.getLong();
      checkpoints.restore(bytes.getLong());
      for (int member = 0; member < Replication.MAX_MEMBERS; member++) {
        proposers.restore(member, bytes.getLong(), bytes.getLong());
      }
      store.clear();
      EntryFile.read(entries, file.toString(), store);
      hash.restore(savedHash);
      index = savedIndex;
    } catch (IOException e) {
      throw new IllegalStateException("saved state cannot be read: file=" + file, e);
    }
  }
}
