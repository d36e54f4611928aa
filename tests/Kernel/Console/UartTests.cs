using Atoll.Console;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Console;

/// <summary>The serial driver against a model of the 16550 (PC16550D data sheet).</summary>
public sealed class UartTests
{
    private readonly SimulatedCore _core = new();

    [Fact]
    public void Initialize_Sets115200Baud8N1Polled()
    {
        using IDisposable scope = _core.Use();

        Uart.Initialize();

        Assert.Equal(1, _core.Uart.Divisor);       // 1.8432 MHz / 16 / 115200.
        Assert.Equal(0x03, _core.Uart.LineControl); // 8 bits, one stop bit, no parity, divisor latch closed.
        Assert.Equal(0x00, _core.Uart.InterruptEnable);
        Assert.Equal(0x07, _core.Uart.FifoControl); // FIFOs on and empty.
        Assert.Equal(0x03, _core.Uart.ModemControl); // DTR, RTS.
        Assert.Equal("", _core.Uart.Text);
    }

    [Fact]
    public void Initialize_TwiceIsTheSame()
    {
        using IDisposable scope = _core.Use();

        Uart.Initialize();
        Uart.Initialize();

        Assert.Equal(1, _core.Uart.Divisor);
        Assert.Equal(0, _core.Uart.InterruptEnable);
        Assert.Equal("", _core.Uart.Text);
    }

    [Fact]
    public void Write_WaitsForRoom_AndLosesNothing()
    {
        using IDisposable scope = _core.Use();
        _core.Uart.BusyLooksPerByte = 50;
        Uart.Initialize();

        Uart.Write("a line that is longer than the FIFO, which holds sixteen bytes"u8);
        Uart.Write("."u8);

        Assert.Equal("a line that is longer than the FIFO, which holds sixteen bytes.", _core.Uart.Text);
        Assert.Equal(0, _core.Uart.Overruns);
    }

    [Fact]
    public void Write_ToAStuckPort_GivesUpWithoutWriting()
    {
        using IDisposable scope = _core.Use();
        Uart.Initialize();
        _core.Uart.IsStuck = true;

        Uart.Write("x"u8);

        Assert.Equal(0, _core.Uart.Overruns);
        Assert.InRange(_core.Uart.Looks, 1, 1_000_000);
    }

    [Fact]
    public void TryRead_TakesWhatIsThere()
    {
        using IDisposable scope = _core.Use();
        Uart.Initialize();
        _core.Uart.Received.Enqueue((byte)'q');

        Assert.True(Uart.TryRead(out byte value));
        Assert.Equal((byte)'q', value);
        Assert.False(Uart.TryRead(out _));
    }
}
