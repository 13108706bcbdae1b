package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Avalanche and distribution, with seeds that are fixed so that a run can be repeated. */
class SwissHashTest {
  private static final int KEYS = 1 << 18;

  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
  private final Chunk chunk = new Chunk();
  private final SwissHash hash =
      new SwissHash(0x243F_6A88_85A3_08D3L, 0x1319_8A2E_0370_7344L, 0xA409_3822_299F_31D0L);

  @BeforeEach
  void reserve() {
    memory.reserve(chunk, 1024);
  }

  @AfterEach
  void release() {
    memory.releaseAll();
  }

  private long hash(SwissHash hash, byte[] key) {
    memory.copy(MemorySegment.ofArray(key), 0, chunk.address, key.length);
    return hash.hash(memory, chunk.address, key.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 24, 31, 32, 33, 64, 100})
  void shouldFlipHalfOfTheBitsWhenOneBitOfTheKeyFlips(int length) {
    Random random = new Random(length);
    int tries = 2_000;
    for (int bit = 0; bit < length * 8; bit += Math.max(1, length / 8)) {
      int[] flips = new int[64];
      for (int i = 0; i < tries; i++) {
        byte[] key = new byte[length];
        random.nextBytes(key);
        long before = hash(hash, key);
        key[bit / 8] ^= (byte) (1 << bit % 8);
        long difference = before ^ hash(hash, key);
        for (int j = 0; j < 64; j++) {
          flips[j] += (int) (difference >>> j & 1);
        }
      }
      for (int j = 0; j < 64; j++) {
        double share = (double) flips[j] / tries;
        // 6 standard deviations of a fair coin; a key of 1 byte has but 256 values to average over
        double bound = length == 1 ? 0.25 : length == 2 ? 0.12 : 0.07;
        assertEquals(0.5, share, bound, "length=" + length + ", bit=" + bit + ", flips=" + j);
      }
    }
  }

  @Test
  void shouldSpreadSequentialKeys() {
    checkSpread(number -> words(number, 0));
  }

  @Test
  void shouldSpreadSequentialKeysOfEightBytes() {
    checkSpread(number -> Arrays.copyOf(words(number, 0), 8));
  }

  @Test
  void shouldSpreadSparseKeys() {
    checkSpread(number -> words(number << 40, number << 46));
  }

  @Test
  void shouldSpreadLongKeysThatDifferInTheMiddle() {
    checkSpread(
        number -> {
          byte[] key = new byte[100];
          System.arraycopy(words(number, 0), 0, key, 43, 8);
          return key;
        });
  }

  @Test
  void shouldSpreadAsciiNumbers() {
    checkSpread(number -> Long.toString(number).getBytes(US_ASCII));
  }

  @Test
  void shouldSpreadAsciiNumbersBehindAPrefix() {
    checkSpread(number -> ("user:" + number + ":profile").getBytes(US_ASCII));
  }

  private static byte[] words(long first, long second) {
    byte[] key = new byte[16];
    for (int i = 0; i < 8; i++) {
      key[i] = (byte) (first >>> 8 * i);
      key[8 + i] = (byte) (second >>> 8 * i);
    }
    return key;
  }

  /** No two hashes are equal, and each part of the hash that the table uses is uniform. */
  private void checkSpread(LongFunction<byte[]> keys) {
    long[] hashes = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      hashes[i] = hash(hash, keys.apply(i));
    }
    for (int shift : new int[] {54, 44, 21, 14, 7, 0}) {
      checkUniform(hashes, shift, 10);
    }
    Arrays.sort(hashes);
    for (int i = 1; i < KEYS; i++) {
      assertNotEquals(hashes[i - 1], hashes[i]);
    }
  }

  /** Chi squared over buckets is within 6 standard deviations of its mean. */
  private static void checkUniform(long[] hashes, int shift, int bits) {
    int buckets = 1 << bits;
    int[] counts = new int[buckets];
    for (long hash : hashes) {
      counts[(int) (hash >>> shift) & buckets - 1]++;
    }
    double mean = (double) hashes.length / buckets;
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += (count - mean) * (count - mean) / mean;
    }
    double deviation = Math.sqrt(2.0 * buckets);
    assertEquals(buckets - 1, chiSquared, 6 * deviation, "shift=" + shift);
  }

  @Test
  void shouldTellLengthsApartWhenBytesAreZero() {
    long[] hashes = new long[200];
    for (int length = 0; length < hashes.length; length++) {
      hashes[length] = hash(hash, new byte[length]);
    }
    assertEquals(hashes.length, Arrays.stream(hashes).distinct().count());
  }

  @Test
  void shouldDependOnTheSeedOfEachStore() {
    byte[] key = "the same key".getBytes(US_ASCII);
    SwissHash one = new SwissHash();
    SwissHash other = new SwissHash();
    assertNotEquals(hash(one, key), hash(other, key));
    assertEquals(hash(one, key), hash(one, key));
  }

  @Test
  void shouldReadNothingBesideTheKey() {
    for (int length = 0; length < 70; length++) {
      memory.zero(chunk.address, 128);
      long first = hash.hash(memory, chunk.address + 8, length);
      for (int i = 0; i < 128; i++) {
        if (i < 8 || i >= 8 + length) {
          memory.setByte(chunk.address + i, (byte) 0xA5);
        }
      }
      assertEquals(first, hash.hash(memory, chunk.address + 8, length));
      assertTrue(length == 0 || memory.getByte(chunk.address + 8) == 0);
    }
  }
}
