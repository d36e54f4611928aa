using Atoll.TestVm.Image;
using Iced.Intel;

namespace Atoll.Bench.Net;

/// <summary>The instructions of one image: where each begins, and where those go on that follow it.</summary>
/// <remarks>All programs lie at the same addresses, so an address alone does not say whose it is; a run of them nearly always does.</remarks>
public sealed class ProgramCode
{
    private readonly Dictionary<ulong, Instruction> _instructions = [];

    /// <summary>Code that begins at an address.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="code">Its bytes.</param>
    public ProgramCode(string name, ulong address, byte[] code)
    {
        Name = name;
        var decoder = Decoder.Create(64, code, address);
        while (decoder.IP < address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            _instructions[instruction.IP] = instruction;
        }
    }

    /// <summary>The program.</summary>
    public string Name { get; }

    /// <summary>Reads an image.</summary>
    public static ProgramCode Read(string name, string imagePath)
    {
        byte[] file = File.ReadAllBytes(imagePath);
        ElfSegment text = ElfImage.ReadSegments(file).Single(segment => segment.IsExecutable);
        return new ProgramCode(name, text.Virtual, file.AsSpan((int)text.FileOffset, (int)text.FileBytes).ToArray());
    }

    /// <summary>Whether instructions can have been executed one after the other by this code.</summary>
    public bool CanRun(IReadOnlyList<ulong> run)
    {
        for (int i = 0; i < run.Count; i++)
        {
            if (!_instructions.TryGetValue(run[i], out Instruction instruction)
                || (i + 1 < run.Count && instruction.FlowControl == FlowControl.Next && run[i + 1] != instruction.NextIP))
            {
                return false;
            }
        }

        return true;
    }
}
