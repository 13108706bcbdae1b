package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.api.Test;

/** That methods have the size on which the way they are compiled rests. */
class InliningTest {
  /** HotSpot's {@code FreqInlineSize}: it inlines no method that is larger. */
  private static final int LARGEST_INLINED = 325;

  private static int bytecodes(Class<?> type, String method) throws IOException {
    try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(file.readAllBytes()).methods().stream()
          .filter(candidate -> candidate.methodName().equalsString(method))
          .mapToInt(InliningTest::bytecodes)
          .sum();
    }
  }

  private static int bytecodes(MethodModel method) {
    return method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
  }

  @Test
  void shouldKeepTheLongSearchOutOfItsCallers() throws IOException {
    int bytecodes = bytecodes(SwissTable.class, "search");
    assertTrue(bytecodes > LARGEST_INLINED, "bytecodes=" + bytecodes);
  }

  @Test
  void shouldLetCallersTakeTheShortSearchIn() throws IOException {
    int bytecodes = bytecodes(SwissTable.class, "find");
    assertTrue(bytecodes > 0 && bytecodes <= LARGEST_INLINED, "bytecodes=" + bytecodes);
  }
}
