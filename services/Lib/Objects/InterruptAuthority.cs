using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>May make interrupt handlers.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct InterruptAuthority(ulong address)
{
    /// <summary>Makes the handler of a line.</summary>
    /// <param name="line">Of the I/O APIC.</param>
    /// <param name="trigger">Bit 0: level-triggered; bit 1: active low.</param>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    public SystemResult GetLine(ulong line, ulong trigger, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)IrqControlOperation.GetLine, line, trigger, into.Address, index);

    /// <summary>Makes the handler of an interrupt that comes as a message.</summary>
    /// <param name="into">CNode.</param>
    /// <param name="index">Empty slot of it.</param>
    /// <param name="message">Where the device sends what.</param>
    public SystemResult GetMessage(CNodeTable into, uint index, out InterruptMessage message)
    {
        Message asked = Message.Of((ulong)IrqControlOperation.GetMessage, MessageHeader.RegisterWords, 0, 0, into.Address, index);
        SystemResult result = Ipc.Call(address, ref asked);
        message = new InterruptMessage(asked.Word0, (uint)asked.Word1);
        return result;
    }
}

/// <summary>What a device writes where, so that it is an interrupt.</summary>
/// <param name="address">Physical address.</param>
/// <param name="data">What is written there.</param>
public readonly struct InterruptMessage(ulong address, uint data)
{
    /// <summary>Physical address.</summary>
    public ulong Address => address;

    /// <summary>What is written there.</summary>
    public uint Data => data;
}
