using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Syscall;

namespace Atoll.Root;

/// <summary>The memory of the first program: what it runs in, and what it gets to give away.</summary>
internal static class RootMemory
{
    private const int UntypedBitsLeast = ObjectSize.FrameBits;

    /// <summary>Gives all free memory of the grant, in pieces that are powers of two and aligned to their size.</summary>
    /// <param name="slots">Takes them. The largest becomes the memory that objects are made of.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="count">Pieces.</param>
    /// <returns>Slot of the first piece.</returns>
    internal static uint GiveUntyped(ref RootBuilder slots, ref readonly GrantLayout grant, out uint count)
    {
        uint first = slots.Next;
        uint largest = first;
        count = 0;
        ulong at = grant.Free;
        while (at < grant.End && count < BootInformation.UntypedMax)
        {
            byte bits = PieceBits(at, grant.End - at);
            if (bits < UntypedBitsLeast)
            {
                break;
            }

            uint slot = slots.Take(1);
            Check.That(slot != 0);
            RootCapabilities.Untyped(slots.Slot(slot), at, bits);
            if (bits > slots.Slot(largest).Value.SizeBits)
            {
                largest = slot;
            }

            at += 1UL << bits;
            count++;
        }

        slots.UseMemory(largest);
        return first;
    }

    /// <summary>Gives the registers of devices, in pieces like the memory's. Frames can be made of them, and nothing else.</summary>
    internal static void GiveDevices(ref RootBuilder slots, ref readonly DeviceMemory devices, ref BootInformation told)
    {
        told.FirstDevice = slots.Next;
        told.DeviceBase = devices.Base;
        told.DeviceEnd = devices.End;
        ulong at = devices.Base;
        while (at < devices.End)
        {
            byte bits = PieceBits(at, devices.End - at);
            uint slot = slots.Take(1);
            Check.That(slot != 0);
            RootCapabilities.DeviceUntyped(slots.Slot(slot), at, bits);
            at += 1UL << bits;
            told.DeviceCount++;
        }

        told.Remapping = devices.Remapping;
        if (told.Remapping != 0)
        {
            RootCapabilities.DeviceUntyped(slots.Slot(slots.Take(1)), told.Remapping, UntypedBitsLeast);
        }
    }

    /// <summary>Gives the bundle, read-only, page by page; as much of it as there are slots.</summary>
    internal static void GiveBundle(ref RootBuilder slots, ref readonly GrantLayout grant, ref BootInformation told)
    {
        ulong pages = (grant.BundleBytes + ImageLayout.PageSizeBytes - 1) / ImageLayout.PageSizeBytes;
        uint room = (1u << RootSlot.RootRadix) / 2;
        uint frames = pages > room ? room : (uint)pages;
        uint first = slots.Take(frames);
        for (uint page = 0; page < frames && first != 0; page++)
        {
            RootCapabilities.ReadOnlyFrame(slots.Slot(first + page), grant.Bundle + (page * ImageLayout.PageSizeBytes));
        }

        told.FirstBundleFrame = first;
        told.BundleFrames = first == 0 ? 0 : frames;
        told.BundleBytes = grant.BundleBytes;
    }

    /// <summary>Maps fresh pages.</summary>
    internal static RootResult MapNew(ref Microkernel kernel, ref RootBuilder slots, ulong address, uint pages)
    {
        RootResult result = RootResult.Ready;
        for (uint page = 0; page < pages && result == RootResult.Ready; page++)
        {
            result = slots.MakeNext(ref kernel, CapabilityType.Frame, out uint frame, ObjectSize.FrameBits);
            if (result == RootResult.Ready)
            {
                result = slots.Map(ref kernel, frame, address + (page * ImageLayout.PageSizeBytes), MapRights.ReadWrite);
            }
        }

        return result;
    }

    /// <summary>Maps a segment: the pages of the file where they lie, and fresh ones for what the file does not hold.</summary>
    internal static RootResult MapSegment(
        ref Microkernel kernel, ref RootBuilder slots, ref readonly GrantLayout grant, ref readonly ProgramSegment segment)
    {
        uint filePages = (uint)((segment.FileBytes + ImageLayout.PageSizeBytes - 1) / ImageLayout.PageSizeBytes);
        ulong from = grant.File + segment.FileOffset;
        if (segment.Rights == MapRights.ReadWrite)
        {
            // Behind the end of the data the file goes on with something else.
            GrantMemory.Clear(in grant, from + segment.FileBytes, (filePages * ImageLayout.PageSizeBytes) - segment.FileBytes);
        }

        for (uint page = 0; page < filePages; page++)
        {
            uint frame = slots.Take(1);
            if (frame == 0)
            {
                return RootResult.OutOfMemory;
            }

            ulong offset = page * ImageLayout.PageSizeBytes;
            RootCapabilities.Frame(slots.Slot(frame), from + offset);
            RootResult mapped = slots.Map(ref kernel, frame, segment.Address + offset, segment.Rights);
            if (mapped != RootResult.Ready)
            {
                return mapped;
            }
        }

        return MapNew(ref kernel, ref slots, segment.Address + (filePages * ImageLayout.PageSizeBytes), segment.Pages - filePages);
    }

    // The greatest power of two that fits and that the address is a multiple of. Asked at boot only: one copy of it is enough.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte PieceBits(ulong at, ulong room)
    {
        int aligned = BitOperations.TrailingZeroCount(at);
        int fits = 63 - BitOperations.LeadingZeroCount(room);
        return (byte)(aligned < fits ? aligned : fits);
    }
}
