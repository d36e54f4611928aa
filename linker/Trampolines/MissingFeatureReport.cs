using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Says on the serial port which CPU feature is missing, ends QEMU, and halts. ESI = name.</summary>
/// <remarks>
/// The port is set up first, since only firmware may have done so. Nothing here depends on the missing feature.
/// Source: National Semiconductor, "PC16550D Universal Asynchronous Receiver/Transmitter".
/// </remarks>
public sealed class MissingFeatureReport : CodeFragment
{
    /// <summary>Symbol of the code.</summary>
    public const string Symbol = "missing_feature_report";

    private const ushort LineStatus = ImageLayout.SerialPort + 5;
    private const byte TransmitterHoldingRegisterEmpty = 1 << 5;

    /// <summary>After so many looks a byte is written regardless: a dead port must not keep us from the exit.</summary>
    /// <remarks>A byte takes 87 µs at 115 200 baud and a look about 1 µs.</remarks>
    private const uint TransmitPollsMax = 10_000;

    /// <summary>115 200 baud, 8 data bits, no parity, 1 stop bit; FIFO on; no interrupts; DTR and RTS on.</summary>
    private static readonly (int Register, byte Value)[] s_setUp =
    [
        (1, 0x00), // IER
        (3, 0x80), // LCR: divisor latch access
        (0, 0x01), // DLL: 115 200 / 1
        (1, 0x00), // DLM
        (3, 0x03), // LCR: 8N1
        (2, 0xC7), // FCR
        (4, 0x03), // MCR
    ];

    /// <inheritdoc/>
    public override string Name => Symbol;

    /// <inheritdoc/>
    public override FragmentPlace Place => FragmentPlace.BootCode;

    /// <inheritdoc/>
    public override int Bitness => 32;

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [BootMessages.Symbol];

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["in", "out", "cli", "hlt"] };

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        Label print = a.CreateLabel();
        Label halt = a.CreateLabel();
        uint messages = checked((uint)context.AddressOf(BootMessages.Symbol));

        a.mov(ebp, esi);
        a.cld();
        SetUpPort(a);
        Print(messages + (uint)BootMessages.LacksOffset);
        PrintName();
        Print(messages + (uint)BootMessages.AdviceOffset);
        PrintName();
        Print(messages + (uint)BootMessages.EndOffset);

        a.mov(edx, ImageLayout.DebugExitPort);
        a.mov(eax, ImageLayout.ExitFailed);
        a.@out(dx, al);
        a.Label(ref halt);
        a.cli();
        a.hlt();
        a.jmp(halt);
        EmitPrint(a, ref print);

        void Print(uint text)
        {
            a.mov(esi, text);
            a.call(print);
        }

        void PrintName()
        {
            a.mov(esi, ebp);
            a.call(print);
        }
    }

    private static void SetUpPort(Assembler a)
    {
        foreach ((int register, byte value) in s_setUp)
        {
            a.mov(edx, ImageLayout.SerialPort + register);
            a.mov(eax, value);
            a.@out(dx, al);
        }
    }

    /// <summary>Prints the zero-terminated text at ESI.</summary>
    private static void EmitPrint(Assembler a, ref Label print)
    {
        Label poll = a.CreateLabel();
        Label ready = a.CreateLabel();
        Label done = a.CreateLabel();

        a.Label(ref print);
        a.lodsb();
        a.test(al, al);
        a.jz(done);
        a.mov(ebx, eax);
        a.mov(ecx, TransmitPollsMax);
        a.mov(edx, LineStatus);
        a.Label(ref poll);
        a.@in(al, dx);
        a.test(al, TransmitterHoldingRegisterEmpty);
        a.jnz(ready);
        a.dec(ecx);
        a.jnz(poll);
        a.Label(ref ready);
        a.mov(eax, ebx);
        a.mov(edx, ImageLayout.SerialPort);
        a.@out(dx, al);
        a.jmp(print);
        a.Label(ref done);
        a.ret();
    }
}
