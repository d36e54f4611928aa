using Atoll.Abi;
using Atoll.Base;
using Atoll.Instance;

namespace Atoll.Trap;

/// <summary>Where a stack may be. Reads outside are refused, so that walking a broken stack cannot fault.</summary>
[InterruptSafe, NoPanic, NoBlock]
public readonly struct StackBounds(ulong low, ulong high)
{
    private readonly ulong _low = low;
    private readonly ulong _high = high;

    /// <summary>Whether an aligned word at <paramref name="address"/> lies inside.</summary>
    public readonly bool Holds(ulong address) =>
        address >= _low && address < _high && _high - address >= sizeof(ulong) && address % sizeof(ulong) == 0;

    /// <summary>Reads the word at <paramref name="address"/>, if it lies inside.</summary>
    [MustUse]
    [Trusted(Safety = "The instance maps its stacks as long as it runs.")]
    public readonly unsafe bool TryRead(ulong address, out ulong word)
    {
        bool isInside = Holds(address);
        word = isInside ? *(ulong*)address : 0;
        return isInside;
    }

    /// <summary>The stack that <paramref name="stackPointer"/> points into, or an empty one.</summary>
    public static StackBounds Of(ulong stackPointer)
    {
        if (stackPointer >= ImageLayout.StackBase && stackPointer <= ImageLayout.StackTop)
        {
            return new StackBounds(ImageLayout.StackBase, ImageLayout.StackTop);
        }

        ulong page = Bits.AlignDown(stackPointer, ImageLayout.PageSizeBytes);
        return page is ImageLayout.DoubleFaultStackBase or ImageLayout.NmiStackBase or ImageLayout.MachineCheckStackBase
            ? new StackBounds(page, page + ImageLayout.PageSizeBytes)
            : new StackBounds(0, sizeof(ulong) - 1);
    }
}

/// <summary>Walks from interrupted code to its callers, by the linker's unwind table.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class Backtrace
{
    /// <summary>Fills in the frames of a crash record.</summary>
    /// <param name="image">The image that the code is in.</param>
    /// <param name="frame">Interrupted registers.</param>
    /// <param name="stack">The stack that was in use.</param>
    /// <param name="record">Receives the addresses.</param>
    public static void Walk(in ImageInfo image, in TrapFrame frame, in StackBounds stack, ref CrashRecord record)
    {
        ulong address = frame.Rip;
        ulong stackPointer = frame.Rsp;
        ulong framePointer = frame.Rbp;
        bool isReturnAddress = false;

        record.FrameCount = 0;
        for (int i = 0; i < Limits.CrashFramesMax; i++)
        {
            record.Frames[i] = address;
            record.FrameCount++;
            if (!Step(in image, in stack, ref address, ref stackPointer, ref framePointer, isReturnAddress))
            {
                return;
            }

            isReturnAddress = true;
        }
    }

    private static bool Step(
        in ImageInfo image, in StackBounds stack, ref ulong address, ref ulong stackPointer, ref ulong framePointer, bool isReturnAddress)
    {
        ulong canonicalFrame;
        uint framePointerSlot = 0;
        if (!TryOffset(in image, address, out uint offset))
        {
            // A jump to nowhere: only the CALL has happened, so the return address is on top.
            if (isReturnAddress)
            {
                return false;
            }

            canonicalFrame = stackPointer + sizeof(ulong);
        }
        else
        {
            // A return address may be the first byte after a function whose last instruction is the call.
            UnwindRow row = Find(in image, offset - (isReturnAddress ? 1u : 0));
            if (row.Rule is UnwindRule.End or UnwindRule.FromTrapFrame)
            {
                return false;
            }

            uint frameBytes = row.CfaOffset;
            framePointerSlot = row.FramePointerSlot;
            if (row.Rule == UnwindRule.FromPrologue)
            {
                AddPrologue(address - (offset - row.CodeOffset), address, ref frameBytes, ref framePointerSlot);
            }

            canonicalFrame = (row.Rule == UnwindRule.FromFramePointer ? framePointer : stackPointer) + frameBytes;
        }

        ulong returnSlot = canonicalFrame - sizeof(ulong);
        ulong savedSlot = canonicalFrame - (framePointerSlot * (ulong)sizeof(ulong));
        ulong callerFramePointer = framePointer;
        if (canonicalFrame <= stackPointer || !stack.TryRead(returnSlot, out ulong returnAddress)
            || (framePointerSlot != 0 && !stack.TryRead(savedSlot, out callerFramePointer)))
        {
            return false;
        }

        address = returnAddress;
        framePointer = callerFramePointer;
        stackPointer = canonicalFrame;
        return TryOffset(in image, address, out _);
    }

    // What a function has done from where a row begins up to an address.
    private static void AddPrologue(ulong from, ulong address, ref uint frameBytes, ref uint framePointerSlot)
    {
        while (true)
        {
            PrologueStep step = PrologueStep.Of(Code(from, address));
            if (step.CodeBytes == 0 || step.CodeBytes > address - from)
            {
                return;
            }

            from += step.CodeBytes;
            frameBytes += step.FrameBytes;
            if (step.SavesFramePointer)
            {
                framePointerSlot = frameBytes / sizeof(ulong);
            }
        }
    }

    [Trusted(Safety = "From the row of an address of text up to that address: all of it is text, which stays mapped.")]
    private static unsafe ulong Code(ulong from, ulong end)
    {
        ulong code = 0;
        for (int index = 0; index < sizeof(ulong) && from + (ulong)index < end; index++)
        {
            code |= (ulong)((byte*)from)[index] << (8 * index);
        }

        return code;
    }

    // What rows know code by. Boot code is counted behind text (UnwindRow.CodeOffset).
    private static bool TryOffset(in ImageInfo image, ulong address, out uint offset)
    {
        ulong textBytes = image.TextEnd - image.TextStart;
        ulong inText = address - image.TextStart;
        ulong inBootCode = address - ImageLayout.BootSegmentBase;
        bool isText = inText < textBytes;
        offset = (uint)(isText ? inText : textBytes + inBootCode);
        return isText || inBootCode < image.BootCodeBytes;
    }

    private static UnwindRow Find(in ImageInfo image, uint offset)
    {
        uint low = 0;
        uint high = image.UnwindRowCount;
        while (low < high)
        {
            uint middle = low + ((high - low) / 2);
            if (Row(in image, middle).CodeOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? default : Row(in image, low - 1);
    }

    [Trusted(Safety = "Below the number of rows that the linker lays out in read-only data: Find halves what is between 0 and that.")]
    private static unsafe ref readonly UnwindRow Row(in ImageInfo image, uint index) => ref ((UnwindRow*)image.UnwindTable)[index];
}
