package io.fkvs.server.gateway;

import io.fkvs.server.replication.Replication;
import io.fkvs.store.Journal;
import io.fkvs.store.Store;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.EntryFile;
import io.fkvs.store.durable.EntryWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/*
 *   0                                                                  512
 *   | magic | index | time | begun | hash | rounds | proposers | 0 | crc | the entries (EntryWriter) |
 *     8       8       8      8       8      8        16 times 16     4
 *
 * Entries are written while others are carried out, with what is changed meanwhile behind them, so
 * the file has the state of the moment at which the writing ends. Until then time goes on from
 * "begun" to "time".
 */

/**
 * What a member has beside the entries of the store: it follows from the entries of the log alone,
 * and is the same on all members that have carried out the same ones.
 */
final class ReplicaState {
  private static final int HEADER_BYTES = 512;
  private static final int CRC_AT = HEADER_BYTES - Integer.BYTES;

  /** "fkvsrep2", little-endian. */
  private static final long MAGIC = 0x3270_6572_7376_6b66L;

  private final ReplicaClock clock = new ReplicaClock();
  private final Proposers proposers = new Proposers();
  private final StateHash hash = new StateHash();
  private final Checkpoints checkpoints;
  private final EntryWriter writer = new EntryWriter();
  private long index;

  /** What is being written, or {@code null}. */
  private Saving saving;

  private static final class Saving {
    private final ShiftedFile file;
    private final long begunMs;
    private long index;

    Saving(ShiftedFile file, long begunMs) {
      this.file = file;
      this.begunMs = begunMs;
    }
  }

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

  /** What is to be told of all changes of the store. */
  Journal journal() {
    return new Told(hash, writer);
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  // ---- saved states

  /**
   * Begins to write the state and the entries of the store to a file; {@link #saveOn} goes on.
   *
   * @param saved completed with the index of the state in the file when that is on the disk, or
   *     with why it is not
   */
  void save(Path file, CompletableFuture<Long> saved) {
    try {
      begin(
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE),
          saved);
    } catch (IOException | RuntimeException e) {
      saved.completeExceptionally(e);
    }
  }

  private void begin(FileChannel channel, CompletableFuture<Long> saved) throws IOException {
    Saving begun = new Saving(new ShiftedFile(channel, HEADER_BYTES), clock.millis());
    try {
      writer
          .begin(begun.file, begun.begunMs)
          .whenComplete(
              (_, failure) -> {
                if (failure == null) {
                  saved.complete(begun.index);
                } else {
                  saved.completeExceptionally(failure);
                }
              });
      saving = begun;
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Goes on with what {@link #save} has begun, between two entries of the log.
   *
   * @param entries about how many entries of the store to write
   * @return whether there is more
   */
  boolean saveOn(Store store, int entries) {
    if (saving == null) {
      return false;
    }
    if (writer.step(store, entries)) {
      saving.index = index;
      saving.file.setBefore(header(saving.begunMs));
      writer.end();
    }
    if (!writer.isScanning()) {
      saving = null;
    }
    return saving != null;
  }

  /** Gives up what {@link #save} has begun. */
  void giveUpSaving() {
    saving = null;
    writer.giveUp();
  }

  private ByteBuffer header(long begunMs) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putLong(index).putLong(clock.millis()).putLong(begunMs);
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
      long savedMs = bytes.getLong();
      clock.restore(bytes.getLong());
      long savedHash = bytes.getLong();
      checkpoints.restore(bytes.getLong());
      for (int member = 0; member < Replication.MAX_MEMBERS; member++) {
        proposers.restore(member, bytes.getLong(), bytes.getLong());
      }
      store.clear();
      EntryFile.read(entries, file.toString(), store);
      clock.advanceTo(savedMs);
      hash.restore(savedHash);
      index = savedIndex;
    } catch (IOException e) {
      throw new IllegalStateException("saved state cannot be read: file=" + file, e);
    }
  }
}
