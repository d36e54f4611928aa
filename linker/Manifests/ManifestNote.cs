using System.Runtime.InteropServices;
using System.Text;
using Atoll.Abi;
using Atoll.Linker.Profiles;

namespace Atoll.Linker.Manifests;

/// <summary>Writes the content of a program's note: <see cref="ProgramManifest"/>, then its needs.</summary>
/// <remarks>Its reader is the proof's: <see cref="Proof.Reading.WrittenManifest"/>.</remarks>
public static class ManifestNote
{
    /// <summary>Bytes of a note with a number of needs.</summary>
    public static int SizeOf(int needs) => ProgramManifest.SizeBytes + (needs * ProgramNeed.SizeBytes);

    /// <summary>Writes it.</summary>
    /// <param name="request">Name, stack, replies, needs: good ones.</param>
    /// <param name="end">Address behind the last page.</param>
    /// <param name="entry">Where the program begins.</param>
    public static byte[] Write(ProgramRequest request, ulong end, ulong entry)
    {
        ProgramManifest manifest = new()
        {
            Version = ProgramManifest.VersionValue,
            StackBytes = request.StackBytes,
            Base = request.Base,
            End = end,
            Entry = entry,
            NeedCount = (uint)request.Needs.Count,
            Replies = request.Replies,
        };
        Encoding.UTF8.GetBytes(request.Name, manifest.Name);
        byte[] bytes = new byte[SizeOf(request.Needs.Count)];
        MemoryMarshal.Write(bytes, in manifest);
        for (int i = 0; i < request.Needs.Count; i++)
        {
            WriteNeed(bytes.AsSpan(SizeOf(i), ProgramNeed.SizeBytes), request.Needs[i]);
        }

        return bytes;
    }

    private static void WriteNeed(Span<byte> bytes, NeedRequest request)
    {
        ProgramNeed need = new()
        {
            Kind = request.Kind,
            IsOptional = (byte)(request.IsOptional ? 1 : 0),
            ProtocolVersion = request.Version,
            Amount = request.Amount,
        };
        Encoding.UTF8.GetBytes(request.Name, need.Name);
        Encoding.UTF8.GetBytes(request.Protocol, need.Protocol);
        MemoryMarshal.Write(bytes, in need);
    }
}
