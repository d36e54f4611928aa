using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>System calls of host tests: they go to the <see cref="IHostKernel"/> of the calling thread.</summary>
internal static class Stubs
{
    internal static SystemResult None() => SystemResult.Ok;

    internal static SystemResult Short(ulong number, ulong address)
    {
        CallFrame frame = new() { Number = number, Address = address };
        Any(ref frame);
        return (SystemResult)frame.Number;
    }

    internal static uint ReadRegister(ref readonly uint register) => System.Threading.Volatile.Read(in register);

    internal static void WriteRegister(ref uint register, uint value) => System.Threading.Volatile.Write(ref register, value);

    internal static uint ReadRegister8(ref readonly byte register) => System.Threading.Volatile.Read(in register);

    internal static void WriteRegister8(ref byte register, uint value) => System.Threading.Volatile.Write(ref register, (byte)value);

    internal static uint ReadRegister16(ref readonly ushort register) => System.Threading.Volatile.Read(in register);

    internal static void WriteRegister16(ref ushort register, uint value) => System.Threading.Volatile.Write(ref register, (ushort)value);

    internal static CallAnswer Call(ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        CallFrame frame = new() { Number = (ulong)SystemCall.Call, Address = address, Header = header, Word0 = word0, Word1 = word1, Word2 = word2, Word3 = word3 };
        Any(ref frame);
        return new CallAnswer { Result = frame.Number, Word0 = frame.Word0 };
    }

    internal static SystemResult ReplyReceive(
        ulong address, ulong header, ulong word0, ulong word1, ulong reply, ref ReceivedMessage message)
    {
        CallFrame frame = new() { Number = (ulong)SystemCall.ReplyReceive, Address = address, Header = header, Word0 = word0, Word1 = word1, Reply = reply };
        Any(ref frame);
        message = new ReceivedMessage
        {
            Badge = frame.Address,
            Header = frame.Header,
            Word0 = frame.Word0,
            Word1 = frame.Word1,
            Word2 = frame.Word2,
            Word3 = frame.Word3,
        };
        return (SystemResult)frame.Number;
    }

    internal static ulong ReadTsc() => HostKernel.Current.Now;

    internal static ulong ProgramEntry() => 0;

    internal static void Any(ref CallFrame frame) => HostKernel.Current.Do(ref frame);
}
