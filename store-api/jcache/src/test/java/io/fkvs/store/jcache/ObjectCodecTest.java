package io.fkvs.store.jcache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.cache.CacheException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class ObjectCodecTest {
  private final ObjectCodec codec = new ObjectCodec(getClass().getClassLoader(), null);

  private record Name(String first, String last, Integer number) implements Serializable {}

  @Property
  void shouldReadTextAsItWasWritten(@ForAll @CharRange(from = '\0', to = '\uffff') String text) {
    assertEquals(text, codec.decode(codec.encode(text)));
  }

  @Property
  void shouldReadObjectsAsTheyWereWritten(
      @ForAll int number, @ForAll long large, @ForAll byte[] bytes, @ForAll List<Double> others) {
    assertEquals(number, codec.decode(codec.encode(number)));
    assertEquals(large, codec.decode(codec.encode(large)));
    assertArrayEquals(bytes, (byte[]) codec.decode(codec.encode(bytes)));
    List<Double> list = new ArrayList<>(others);
    assertEquals(list, codec.decode(codec.encode(list)));
  }

  @Test
  void shouldKeepApartWhatIsNotEqual() {
    List<Object> different =
        List.of("1", 1, 1L, (short) 1, new byte[] {'1'}, "\u01001", "\ud800", "\ud801", "?", "");
    List<String> encodings =
        different.stream().map(object -> Arrays.toString(codec.encode(object))).toList();
    assertEquals(different.size(), encodings.stream().distinct().count(), encodings::toString);
  }

  @Test
  void shouldWriteCommonObjectsShort() {
    assertEquals(6, codec.encode("hello").length);
    assertEquals(5, codec.encode(1).length);
    assertEquals(9, codec.encode(1L).length);
  }

  @Test
  void shouldWriteEqualKeysAlikeWhenTheyShareOtherParts() {
    Integer number = Integer.valueOf(1_000_000);
    Name shared = new Name("ada", "ada", number);
    Name unshared = new Name(copyOf("ada"), copyOf("ada"), Integer.valueOf(1_000_000));
    assertArrayEquals(codec.encode(shared), codec.encode(unshared));
    List<Object> sharedList = new ArrayList<>(List.of(number, "x", number, "x"));
    List<Object> unsharedList =
        new ArrayList<>(List.of(1_000_000, copyOf("x"), Integer.valueOf(1_000_000), copyOf("x")));
    assertArrayEquals(codec.encode(sharedList), codec.encode(unsharedList));
  }

  private static String copyOf(String text) {
    return new String(text.toCharArray());
  }

  @Test
  void shouldRefuseWhatIsNotSerializable() {
    CacheException refused = assertThrows(CacheException.class, () -> codec.encode(new Object()));
    assertEquals("object cannot be serialized: class=class java.lang.Object", refused.getMessage());
    assertInstanceOf(NotSerializableException.class, refused.getCause());
  }

  @Test
  void shouldReadNoClassThatTheFilterRejects() {
    ObjectInputFilter filter = ObjectInputFilter.Config.createFilter("java.base/*;!*");
    ObjectCodec guarded = new ObjectCodec(getClass().getClassLoader(), filter);
    List<String> allowed = new ArrayList<>(List.of("x"));
    assertEquals(allowed, guarded.decode(guarded.encode(allowed)));
    byte[] name = guarded.encode(new Name("ada", "l", 1));
    CacheException refused = assertThrows(CacheException.class, () -> guarded.decode(name));
    assertInstanceOf(InvalidClassException.class, refused.getCause());
  }

  @Test
  void shouldReadPrimitiveClassesAndProxies() {
    assertEquals(int.class, codec.decode(codec.encode(int.class)));
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Comparable.class}, new Answer());
    assertInstanceOf(Comparable.class, codec.decode(codec.encode(proxy)));
    assertFalse(codec.decode(codec.encode(proxy)) == proxy);
  }

  private record Answer() implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return 0;
    }
  }
}
