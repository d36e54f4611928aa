using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>How long the kernel stays in one system call, interrupts off, when it has most to do: the steps of what takes many.</summary>
public static class StretchFigures
{
    private const byte ContainerBits = 8;
    private const uint Copies = 1 << ContainerBits;

    /// <summary>Measures.</summary>
    public static void Measure(ref Setting setting)
    {
        Sample stretch = Sample.Start();
        uint source = setting.Make(CapabilityType.Endpoint);
        uint container = setting.Make(CapabilityType.CNode, ContainerBits);
        Fill(container, source);
        Revoke(ref stretch, source);
        Fill(container, source);
        Delete(ref stretch, container);
        Clear(ref stretch, ref setting);
        stretch.Tell("interrupts-off.longest"u8);
    }

    private static void Fill(uint container, uint source)
    {
        for (uint index = 0; index < Copies; index++)
        {
            Report.Expect(new CNodeTable(container).Copy(index, Setting.Root, source));
        }
    }

    private static void Revoke(ref Sample stretch, uint slot) => Repeat(ref stretch, CNodeOperation.Revoke, slot);

    private static void Delete(ref Sample stretch, uint slot) => Repeat(ref stretch, CNodeOperation.Delete, slot);

    private static void Repeat(ref Sample stretch, CNodeOperation operation, uint slot)
    {
        SystemResult result;
        do
        {
            stretch.Begin();
            result = Step(operation, slot);
            stretch.End();
        }
        while (result == SystemResult.Again);
        Report.Expect(result);
    }

    private static SystemResult Step(CNodeOperation operation, uint slot) =>
        (SystemResult)Ipc.CallShort(RootSlot.CNode, MessageHeader.Of((ulong)operation, words: 1), slot).Result;

    // A large frame is zeroed a part at a time.
    private static void Clear(ref Sample stretch, ref Setting setting)
    {
        uint slot = setting.Next++;
        SystemResult result;
        do
        {
            stretch.Begin();
            result = setting.Memory.Retype(CapabilityType.Frame, Setting.Root, slot, ObjectSize.LargeFrameBits);
            stretch.End();
        }
        while (result == SystemResult.Again);
        Report.Expect(result);
    }
}
