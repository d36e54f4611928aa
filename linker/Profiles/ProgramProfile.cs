using System.Text;
using Atoll.Abi;
using Atoll.Linker.Manifests;
using Atoll.Linker.Model;
using Atoll.Linker.Tables;
using Atoll.Linker.Trampolines;
using Atoll.Linker.Trampolines.UserMode;

namespace Atoll.Linker.Profiles;

/// <summary>What is asked for a program.</summary>
/// <param name="Name">Its name: 1 to 31 bytes of UTF-8 without control characters.</param>
/// <param name="StackBytes">Bytes of stack, whole pages.</param>
/// <param name="Base">Virtual address of its first page.</param>
public sealed record ProgramRequest(string Name, uint StackBytes, ulong Base = ProgramManifest.DefaultBase)
{
    /// <summary>Most reply objects.</summary>
    public const uint RepliesMax = 32;

    /// <summary>Reply objects: callers that it keeps waiting at once.</summary>
    public uint Replies { get; init; } = 1;

    /// <summary>What it needs besides, in the order of its manifest.</summary>
    public IReadOnlyList<NeedRequest> Needs { get; init; } = [];

    /// <summary>What is wrong with the request; null when nothing is.</summary>
    public string? Complaint
    {
        get
        {
            bool hasName = Name.Length > 0 && Encoding.UTF8.GetByteCount(Name) < ProgramName.SizeBytes
                && !Name.Any(char.IsControl);
            bool hasStack = StackBytes is > 0 and <= ProgramManifest.StackBytesMax
                && StackBytes % ImageLayout.PageSizeBytes == 0;
            bool hasBase = Base >= ImageLayout.PageSizeBytes && Base % ImageLayout.PageSizeBytes == 0
                && Base <= ProgramManifest.AddressLimit - ProgramManifest.SizeMax;
            return !hasName ? $"the name '{Name}' is empty, longer than {ProgramName.SizeBytes - 1} bytes, or has control characters"
                : !hasStack ? $"{StackBytes} bytes of stack are not whole pages up to {ProgramManifest.StackBytesMax}"
                : !hasBase ? $"the base 0x{Base:x} is page 0, no page, or too high"
                : null;
        }
    }
}

/// <summary>A program: it runs in ring 3, knows no physical address and has no privileged instruction.</summary>
public static class ProgramProfile
{
    /// <summary>The profile of one program.</summary>
    public static LinkProfile Of(ProgramRequest request) => new(
        IsProgram: true,
        ProgramEntry.Symbol,
        new AddressWindow("program", request.Base, request.Base, ProgramManifest.SizeMax),
        Boot: null,
        _ => [new ProgramEntry(request.StackBytes), .. SystemCallStubs.All, .. LeafStubs.ForPrograms],
        image => [new BuildIdNote(), new ProgramNote(image, request)],
        [ProgramEntry.Symbol, BuildIdNote.Symbol, ProgramNote.Symbol],
        BootRoots: []);
}
