package io.github.mixtura.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jcuda.driver.CUresult;

/** Loads JCuda's native library, and turns the driver's codes into exceptions. */
final class Driver {
  private static final String JCUDA = "jcuda.driver.JCudaDriver";
  private static final String TEMPORARY = "java.io.tmpdir";
  private static boolean loaded;

  private Driver() {}

  /**
   * Loads JCuda, once.
   *
   * <p>JCuda unpacks its library to a fixed name in {@code java.io.tmpdir} and takes a file of that
   * name that is there already, whoever put it there. So it is shown a folder that only this
   * process knows; the file is removed as soon as it is loaded.
   *
   * @throws LinkageError if there is no driver
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    String shared = System.getProperty(TEMPORARY);
    Path own = null;
    try {
      own = Files.createTempDirectory("mixtura-cuda");
      System.setProperty(TEMPORARY, own.toString());
      Class.forName(JCUDA);
      loaded = true;
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for JCuda's native library in " + shared, e);
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(JCUDA.replace('.', '/'));
    } finally {
      System.setProperty(TEMPORARY, shared);
      remove(own);
    }
  }

  private static void remove(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.toList();
      for (Path file : found) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      System.getLogger(Driver.class.getName())
          .log(System.Logger.Level.DEBUG, "folder " + folder + " stays", e);
    }
  }

  /**
   * Refuses a code that is not success.
   *
   * @param result the driver's code
   * @param doing what was tried, in words
   */
  static void check(int result, String doing) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new DeviceException(
          doing + " failed: the driver says " + CUresult.stringFor(result), false);
    }
  }
}
