using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>What the descriptor tables let ring 3 do: have code and data of its own, and come in by the gates.</summary>
/// <remarks>Sources: Intel SDM Vol. 3A, "Segment Descriptors", "64-Bit Mode IDT", "Task Management in 64-bit Mode".</remarks>
public static class UserDescriptors
{
    private const string Table = "gdt";

    /// <summary>Present, privilege level 0, 64-bit interrupt gate, which clears IF.</summary>
    private const byte InterruptGate = 0x8E;

    private const ulong Present = 1UL << 47;
    private const ulong CodeOrData = 1UL << 44;
    private const ulong Executable = 1UL << 43;
    private const ulong Writable = 1UL << 41;
    private const ulong Long = 1UL << 53;
    private const ulong Big = 1UL << 54;
    private const int PrivilegeShift = 45;

    /// <summary>Present, privilege level 0, available 64-bit task state.</summary>
    private const ulong TaskState = 0x89UL << 40;

    /// <summary>Present bit, privilege level, S bit and type; granularity: the limit counts bytes.</summary>
    private const ulong TaskStateMask = (0xFFUL << 40) | (1UL << 55);

    /// <summary>Checks an image that goes to ring 3.</summary>
    public static void Check(ProofContext proof)
    {
        CheckGates(proof);
        ReadOnlySpan<byte> table = proof.Image.Find(Table) is { } symbol
            ? proof.Image.At(symbol.Address, ImageLayout.GlobalDescriptorTableBytes).Span
            : default;
        if (table.Length == 0)
        {
            Report(proof, "There is no descriptor table with segments of ring 3.");
            return;
        }

        CheckSegment(proof, table, ImageLayout.KernelCodeSelector, 0, isCode: true);
        CheckSegment(proof, table, ImageLayout.KernelDataSelector, 0, isCode: false);
        CheckSegment(proof, table, ImageLayout.UserCodeSelector, ImageLayout.UserPrivilege, isCode: true);
        CheckSegment(proof, table, ImageLayout.UserDataSelector, ImageLayout.UserPrivilege, isCode: false);
        CheckOthers(proof, table);
        CheckTaskState(proof, table);
    }

    private static void CheckGates(ProofContext proof)
    {
        foreach (InterruptGate gate in (InterruptGates.Read(proof) ?? []).Where(gate => gate.Access != InterruptGate))
        {
            Report(proof, $"The gate of vector {gate.Vector} is no interrupt gate that only the processor may use (0x{gate.Access:x2}).");
        }

        if (proof.Claims.Traps is null)
        {
            Report(proof, "There are no gates for interrupts of ring 3.");
        }
        else if (InterruptGates.UserStackTop(proof) is var top && !proof.Claims.Stacks.Any(stack => stack.High == top))
        {
            Report(proof, $"Interrupts of ring 3 come to a stack at 0x{top:x}, which the image does not claim.");
        }
    }

    private static void CheckSegment(ProofContext proof, ReadOnlySpan<byte> table, int selector, int privilege, bool isCode)
    {
        ulong descriptor = BinaryPrimitives.ReadUInt64LittleEndian(table[selector..]);
        ulong wanted = Present | CodeOrData | ((ulong)privilege << PrivilegeShift) | (isCode ? Executable | Long : Writable);
        ulong mask = Present | CodeOrData | Executable | (3UL << PrivilegeShift) | (isCode ? Long | Big : Writable);
        if ((descriptor & mask) != wanted)
        {
            string what = isCode ? "64-bit code" : "data";
            Report(proof, $"The descriptor 0x{selector:x} is not the {what} of ring {privilege}: 0x{descriptor:x16}.");
        }
    }

    /// <summary>Between them there is nothing: no gate, no 32-bit code. The task state has the end.</summary>
    private static void CheckOthers(ProofContext proof, ReadOnlySpan<byte> table)
    {
        ReadOnlySpan<int> known =
        [
            ImageLayout.KernelCodeSelector, ImageLayout.KernelDataSelector, ImageLayout.UserCodeSelector, ImageLayout.UserDataSelector,
        ];
        for (int selector = 0; selector < ImageLayout.TaskStateSelector; selector += sizeof(ulong))
        {
            if (!known.Contains(selector) && BinaryPrimitives.ReadUInt64LittleEndian(table[selector..]) != 0)
            {
                Report(proof, $"The descriptor 0x{selector:x} should be empty.");
            }
        }
    }

    /// <summary>Where the map of ports would be, there is none: else every bit of it that is zero opens a port to ring 3.</summary>
    /// <remarks>Sources: Intel SDM Vol. 1, "I/O Permission Bit Map"; Vol. 3A, "TSS Descriptor in 64-bit mode".</remarks>
    private static void CheckTaskState(ProofContext proof, ReadOnlySpan<byte> table)
    {
        if (proof.Claims.Traps is not { } traps || InterruptGates.IOMapBase(proof) is not { } map)
        {
            return;
        }

        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(table[ImageLayout.TaskStateSelector..]);
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(table[(ImageLayout.TaskStateSelector + sizeof(ulong))..]);
        ulong start = ((low >> 16) & 0xFF_FFFF) | ((low >> 56) << 24) | (high << 32);
        int limit = (int)(low & 0xFFFF) | (int)((low >> 32) & 0xF_0000);
        if ((low & TaskStateMask) != TaskState || high >> 32 != 0 || limit < InterruptGates.TaskStateBytes - 1 || proof.Image.Find(traps.TaskState)?.Address != start)
        {
            Report(proof, $"The descriptor 0x{ImageLayout.TaskStateSelector:x} is not that of '{traps.TaskState}': 0x{high:x16} 0x{low:x16}.");
        }
        else if (map <= limit)
        {
            Report(proof, $"The task state has a map of ports at {map}, within its limit of {limit}: ring 3 may use ports.");
        }
    }

    private static void Report(ProofContext proof, string what) => proof.Report(ProofDiagnostics.UserExit, what, Table);
}
