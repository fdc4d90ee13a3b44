package io.github.mixtura.codec;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes files that are whole or not there: under a temporary name in the same folder first, which
 * is renamed when all is on the disk. Whatever ends the writing earlier leaves an older file as it
 * was.
 *
 * <p>A file that is replaced keeps its permissions, owner and group; while it is written only its
 * owner can read it. Where the group cannot be kept the group loses its permissions. A file that
 * nobody may write to is not replaced. Symbolic links stay, and what they lead to is written; a
 * loop of links is refused. Pipes and devices are written to as they are. Temporary files of
 * processes that were killed are removed by the next that writes to the folder.
 */
public final class WholeFile {
  private static final int MOST_LINKS = 40;
  private static final String TEMPORARY = ".mixtura-";
  private static final Set<PosixFilePermission> WRITERS =
      EnumSet.of(
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_WRITE);

  /** This process's: closing one of them anywhere would free its lock. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private WholeFile() {}

  /** What writes the contents. */
  @FunctionalInterface
  public interface Contents {
    /**
     * Writes all of it.
     *
     * @param out where to; buffered, and closed by the caller
     * @throws IOException if it cannot be written
     */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param file where to; replaced if it is there
   * @param contents what to write; if it throws, the file is as it was
   * @throws UncheckedIOException if it cannot be written: the file and why
   */
  public static void write(Path file, Contents contents) {
    try {
      if (isSpecial(file)) {
        try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE))) {
          contents.write(out);
        }
        return;
      }
      Path target = target(file);
      requireWritable(target);
      removeStale(target.getParent());
      replace(target, contents);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + reason(e), e);
    }
  }

  /**
   * Whether a file is there that cannot be replaced but only written to, such as a pipe or a
   * device.
   *
   * @param file any path
   * @return true for what exists and is no regular file
   */
  public static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  /**
   * Where a file really is.
   *
   * @param file any path
   * @return where symbolic links lead, also where there is nothing yet
   * @throws IOException if the links form a loop
   */
  public static Path target(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int i = 0; Files.isSymbolicLink(target); i++) {
      if (i == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    Path folder = target.getParent();
    return folder == null || !Files.exists(folder)
        ? target
        : folder.toRealPath().resolve(target.getFileName());
  }

  /**
   * Refuses what {@link #write} would refuse for the file's permissions.
   *
   * @param target a file, or nothing
   * @throws IOException if nobody may write to it
   */
  public static void requireWritable(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    // Who administers the machine may write to everything; a file without any such permission is
    // still not meant to change.
    boolean meant =
        view == null || view.readAttributes().permissions().stream().anyMatch(WRITERS::contains);
    if (!meant || !Files.isWritable(target)) {
      throw new FileSystemException(target.toString(), null, "the file is read-only");
    }
  }

  private static void replace(Path target, Contents contents) throws IOException {
    PosixFileAttributes old = attributes(target);
    boolean written = false;
    while (!written) {
      Path temporary = target.resolveSibling(TEMPORARY + UUID.randomUUID());
      OPEN.add(temporary);
      try {
        written = written(temporary, target, old, contents);
      } finally {
        remove(temporary);
        OPEN.remove(temporary);
      }
    }
    synchronise(target.getParent());
  }

  /** Returns false where another process has just taken the new file for a stale one. */
  private static boolean written(
      Path temporary, Path target, PosixFileAttributes old, Contents contents) throws IOException {
    boolean moveWhileOpen;
    try (FileChannel channel = create(temporary, old != null)) {
      lock(channel);
      if (!Files.exists(temporary)) {
        return false;
      }
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      contents.write(out);
      out.flush();
      if (old != null) {
        keep(temporary, old);
      }
      channel.force(true);
      // Where permissions are those of POSIX an open file can be renamed, and is still locked then.
      moveWhileOpen = attributes(temporary) != null;
      if (moveWhileOpen) {
        move(temporary, target);
      }
    }
    if (!moveWhileOpen) {
      move(temporary, target);
    }
    return true;
  }

  private static PosixFileAttributes attributes(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view == null || !Files.exists(file) ? null : view.readAttributes();
  }

  private static FileChannel create(Path temporary, boolean mine) throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return mine
        ? FileChannel.open(
            temporary,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(temporary, options, new FileAttribute<?>[0]);
  }

  /** Shows other processes that the file is in use, until it is closed. */
  private static void lock(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException | OverlappingFileLockException e) {
      // A file system without locks: nobody else can lock it and take it for stale.
    }
  }

  /** Gives the new file the owner, group and permissions of the old one. */
  private static void keep(Path temporary, PosixFileAttributes old) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(old.permissions());
    PosixFileAttributes own = view.readAttributes();
    if (!own.group().equals(old.group())) {
      try {
        view.setGroup(old.group());
      } catch (IOException e) {
        permissions.removeIf(permission -> permission.name().startsWith("GROUP"));
      }
    }
    if (!own.owner().equals(old.owner())) {
      try {
        view.setOwner(old.owner());
      } catch (IOException e) {
        // Who may write to the folder of another's file owns what is put there.
      }
    }
    view.setPermissions(permissions);
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Has the new name written to the disk, on systems that can. */
  private static void synchronise(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Folders cannot be opened everywhere; the file itself is written.
    }
  }

  /** Removes what killed processes left: temporary files that no process holds a lock on. */
  private static void removeStale(Path folder) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, TEMPORARY + "*-*-*-*-*")) {
      for (Path file : found) {
        if (Files.isRegularFile(file) && !OPEN.contains(file)) {
          removeIfStale(file);
        }
      }
    } catch (IOException e) {
      // Whoever may write to a folder need not be able to list it.
    }
  }

  private static void removeIfStale(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        remove(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // In use, or another's.
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The file is no longer there, or its folder is gone: nothing is left behind.
    }
  }

  /**
   * Why something could not be read or written, in words.
   *
   * @param e what was thrown
   * @return the reason, without the file
   */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemLoopException) {
      return "its symbolic links form a loop";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return e.getMessage();
  }
}
