using System.Buffers.Binary;

namespace Atoll.TestVm.Machine;

/// <summary>Frames that QEMU has written down: what went through a network back end, both ways.</summary>
/// <remarks>Format: pcap, as <c>filter-dump</c> of QEMU writes it in the host's byte order: a header of 24 bytes, then each frame behind 16 bytes, of which the third word is its length.</remarks>
public static class FrameDump
{
    private const int FileHeaderBytes = 24;
    private const int FrameHeaderBytes = 16;
    private const int LengthAt = 8;
    private const int SourceAt = 6;

    // QEMU's first card: 52:54:00:12:34:56.
    private static readonly byte[] s_guest = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

    /// <summary>All frames so far. One that is being written is left out.</summary>
    public static IReadOnlyList<byte[]> ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        List<byte[]> frames = [];
        int at = FileHeaderBytes;
        while (at + FrameHeaderBytes <= bytes.Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + LengthAt));
            at += FrameHeaderBytes + length;
            if (length < 0 || at > bytes.Length)
            {
                break;
            }

            frames.Add(bytes[(at - length)..at]);
        }

        return frames;
    }

    /// <summary>Whether the guest has sent it.</summary>
    public static bool IsFromGuest(byte[] frame) => frame.Length >= SourceAt + s_guest.Length && frame.AsSpan(SourceAt, s_guest.Length).SequenceEqual(s_guest);
}
