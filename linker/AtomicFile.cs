namespace Atoll.Linker;

/// <summary>Files that are there as a whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the target and renames: a reader sees the old file or the new one, never a
    /// part.</summary>
    public static void Write(string path, byte[] bytes)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
