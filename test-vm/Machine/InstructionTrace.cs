using System.Globalization;

namespace Atoll.TestVm.Machine;

/// <summary>An instruction that was executed.</summary>
/// <param name="Core">Which virtual core executed it.</param>
/// <param name="Address">Where it lies.</param>
public readonly record struct TracedInstruction(int Core, ulong Address);

/// <summary>QEMU's log of executed instructions: <see cref="VmSettings.TracePath"/>.</summary>
public static class InstructionTrace
{
    private const string LineStart = "Trace ";

    /// <summary>Reads a log. Lines of other shapes are passed over.</summary>
    /// <param name="lines">
    /// Of the shape <c>Trace 1: 0x7f33c84100c0 [0000000000000000/ffffffff8020e190/08c0c2b0/ff020201] name</c>: core, QEMU's own code, then
    /// in brackets the base of the code segment, the address, and flags (QEMU, accel/tcg/cpu-exec.c).
    /// </param>
    public static IEnumerable<TracedInstruction> Read(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.StartsWith(LineStart, StringComparison.Ordinal) && colon > 0
                && int.TryParse(line.AsSpan(LineStart.Length, colon - LineStart.Length), CultureInfo.InvariantCulture, out int core)
                && line.Split('/') is [_, var address, ..]
                && ulong.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
            {
                yield return new TracedInstruction(core, value);
            }
        }
    }
}
