using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Atoll.Http.Tests.Machine;
using Atoll.Services.Http.Engine;

namespace Atoll.Http.Tests.Clients;

/// <summary>Serves the engine over sockets of this machine, so that clients of others can talk to it. One thread, one loop.</summary>
public sealed class SocketServer<TApplication> : IDisposable
    where TApplication : struct, IHttpApplication
{
    private const int Connections = 80;
    private readonly HostServer<TApplication> _server;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Dictionary<int, Socket> _sockets = [];
    private readonly HashSet<int> _shut = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Thread _thread;
    private volatile bool _isEnding;

    public SocketServer(TApplication application, HttpSettings? settings = null)
    {
        _server = new HostServer<TApplication>(application, Connections, settings: settings);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Connections);
        _thread = new Thread(Loop) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>Ends; again does nothing.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _listener.Dispose();
        foreach (Socket socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    private void Loop()
    {
        while (!_isEnding)
        {
            List<Socket> readable = [_listener, .. _sockets.Where(pair =>
                _server.View.Room(pair.Key).Length != 0).Select(pair => pair.Value)];
            List<Socket> writable = [.. _sockets.Where(pair => _server.View.Pending(pair.Key).Length != 0).Select(pair => pair.Value)];
            Socket.Select(readable, writable, null, TimeSpan.FromMilliseconds(20));
            _server.Now = (ulong)Stopwatch.GetElapsedTime(_began).TotalMicroseconds + 1;
            if (readable.Remove(_listener))
            {
                Accept();
            }

            foreach ((int index, Socket socket) in _sockets.ToArray())
            {
                Serve(index, socket, readable.Contains(socket));
            }
        }
    }

    private void Accept()
    {
        Socket socket = _listener.Accept();
        socket.Blocking = false;
        socket.NoDelay = true;
        int index = _server.View.Open();
        if (index == HttpServer.None && _server.View.TryFindIdle(out int idle))
        {
            Close(idle, _sockets[idle]);
            index = _server.View.Open();
        }

        if (index == HttpServer.None)
        {
            byte[] refusal = new byte[512];
            socket.Send(refusal.AsSpan(0, _server.View.Refuse(refusal)));
            socket.Dispose();
            return;
        }

        _sockets[index] = socket;
    }

    private void Serve(int index, Socket socket, bool isReadable)
    {
        try
        {
            if (isReadable)
            {
                int count = socket.Receive(_server.View.Room(index));
                _server.View.Received(index, count);
                if (count == 0)
                {
                    _server.View.PeerEnded(index);
                }
            }

            _server.Run(index);
            while (_server.View.Pending(index).Length != 0)
            {
                int sent = socket.Send(_server.View.Pending(index), SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    break;
                }

                _server.View.Sent(index, sent);
                _server.Run(index);
            }
        }
        catch (SocketException)
        {
            Close(index, socket);
            return;
        }

        End(index, socket);
    }

    private void End(int index, Socket socket)
    {
        if (_server.View.IsOver(index))
        {
            Close(index, socket);
        }
        else if (_server.View.IsSendingOver(index) && _shut.Add(index))
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    private void Close(int index, Socket socket)
    {
        socket.Dispose();
        _sockets.Remove(index);
        _shut.Remove(index);
        _server.View.Close(index);
    }
}
