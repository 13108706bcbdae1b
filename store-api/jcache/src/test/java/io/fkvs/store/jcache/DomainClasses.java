package io.fkvs.store.jcache;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes the class that the TCK loads by class loaders of its own, to see that caches keep them
 * apart. Its jar is not published, and the class path must not have the class.
 */
public final class DomainClasses implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    String folder = System.getProperty("domainJar");
    if (folder == null) {
      return; // some other way to run one test
    }
    byte[] zoo =
        ClassFile.of()
            .build(
                ClassDesc.of("domain.Zoo"),
                type ->
                    type.withFlags(ClassFile.ACC_PUBLIC)
                        .withInterfaceSymbols(ClassDesc.of(Serializable.class.getName()))
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                    .return_()));
    try {
      Path file = Path.of(folder, "domain", "Zoo.class");
      Files.createDirectories(file.getParent());
      Path written = Files.createTempFile(file.getParent(), "Zoo", null);
      Files.write(written, zoo);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE); // another JVM may do the same
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
