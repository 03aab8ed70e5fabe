using System.Diagnostics;
using System.Threading;
using EdgeMl.Mcu.Agent.Messages;
using EdgeMl.Mcu.Agent.Ports;
using EdgeMl.Mcu.Device;
using EdgeMl.Mcu.Device.Configuration;
using EdgeMl.Mcu.Device.Energy;
using EdgeMl.Mcu.Device.Network;
using EdgeMl.Mcu.Runtime.Format;

namespace EdgeMl.Mcu.OnClr;

/// <summary>Configuration, energy policy and link of the device application, a line for each step.</summary>
public static class ApplicationRunner
{
    private const int Steps = 12;
    private const int Minute = 60_000;

    /// <summary>Entry point of the program.</summary>
    public static void Main()
    {
        for (int i = 0; i < Steps; i++)
            Debug.WriteLine(Line(i));
        Debug.WriteLine("end");
    }

    /// <summary>Does a step.</summary>
    /// <returns>What came out.</returns>
    public static string Line(int step)
    {
        return step < 8 ? Configuration(step) : step < 11 ? Energy(step - 8) : Link();
    }

    private static string Configuration(int variant)
    {
        DeviceConfiguration configuration = Make(variant);
        byte[] file = new byte[DeviceConfiguration.FileBytesMax];
        int length = new ConfigurationWriter().Write(configuration, file);
        if (variant == 6)
            file[length - 1] ^= 1;
        if (variant == 7)
            length = 4;
        var reader = new ConfigurationReader();
        DeviceError error = reader.Read(file, length, out DeviceConfiguration read);
        string line = "configuration " + length.ToString() + " " + ((int)Crc32.Compute(file, 0, length)).ToString() + " " + ((int)error).ToString() + " " + reader.FailedKey.ToString();
        return read == null ? line : line + " " + read.Device + " " + read.BrokerPort.ToString() + " " + read.WifiName + " " + read.Energy.Levels.Length.ToString() + " " + read.Sensor.RangeG.ToString();
    }

    private static DeviceConfiguration Make(int variant)
    {
        var configuration = new DeviceConfiguration
        {
            Fleet = variant == 4 ? "Plant" : "plant",
            Device = "pump-" + variant.ToString(),
            DeviceKey = new byte[variant == 5 ? 31 : 32],
            BrokerHost = "broker",
            BrokerPort = 1_000 + variant,
            WifiName = variant == 1 ? null : "Wärme",
            UsesTls = variant == 2,
            Certificate = variant == 2 ? new byte[1_500] : null,
        };
        configuration.Sensor.RangeG = variant == 3 ? 6 : 2 << (variant & 3);
        configuration.Energy = Levels();
        return configuration;
    }

    private static EnergySettings Levels()
    {
        return new EnergySettings
        {
            Levels = new[]
            {
                new EnergyLevel { IntervalMilliseconds = 10 * Minute, RadioPeriodMilliseconds = 60 * Minute, RunsEconomyModel = true, SleepsDeeply = true },
                new EnergyLevel { FromPercent = 40, IntervalMilliseconds = Minute, RadioPeriodMilliseconds = 15 * Minute },
                new EnergyLevel { FromPercent = 70, IntervalMilliseconds = 1_000 },
            },
        };
    }

    /// <summary>A battery that runs down and is charged again, with deep sleeps.</summary>
    private static string Energy(int variant)
    {
        var manager = new EnergyManager(Levels(), 1_000, null);
        string line = "energy";
        long time = 1_000_000;
        long start = time;
        manager.Open(0, time, false);
        for (int i = 0; i < 40; i++)
        {
            int charge = i < 25 ? 95 - (4 * i) : (6 * (i - 25)) + variant;
            manager.Step(time - start, time, charge < 0 ? 0 : charge, variant == 1 && i % 3 == 0);
            int sleep = manager.SleepMilliseconds(time - start, manager.Level.IntervalMilliseconds);
            line += " " + manager.Level.FromPercent.ToString() + (manager.IsRadioOn ? "+" : "-") + (sleep / 1_000).ToString();
            time += sleep > 0 ? sleep : manager.Level.IntervalMilliseconds;
        }
        return line;
    }

    /// <summary>Connects, loses the connection and connects again, with the link's own thread.</summary>
    private static string Link()
    {
        var transport = new Transport();
        var network = new Network();
        var news = new AutoResetEvent(false);
        var link = new SupervisedLink(transport, network, new Clock(), new AutoResetEvent(false), news) { Inbox = new Inbox(new DeviceTopics("plant", "pump-1"), 256) };
        var thread = new Thread(link.Run);
        thread.Start();
        string line = "link";
        for (int i = 0; i < 3; i++)
        {
            link.Connect();
            while (link.Connection == 0)
                Thread.Sleep(1);
            line += " " + link.Connection.ToString() + (link.Publish("topic", new byte[4], 1, 2, 1) ? " sent" : " not sent");
            transport.Receive("edgeml/plant/down/pump-1/desired", new byte[100]);
            transport.Lose();
            while (link.State != LinkState.Closed)
                Thread.Sleep(1);
            line += link.Inbox.Take() == MessageKind.Desired ? " received" : " nothing";
        }
        link.Stop();
        thread.Join();
        return line + " " + transport.Opens.ToString() + " " + transport.Closes.ToString() + " " + network.Leaves.ToString() + " " + link.Inbox.Dropped.ToString();
    }

    private sealed class Clock : DeviceClock
    {
        public override long Milliseconds => 0;
    }

    private sealed class Network : NetworkPort
    {
        public int Leaves { get; private set; }

        public override bool Join()
        {
            return true;
        }

        public override void Leave()
        {
            Leaves++;
        }
    }

    private sealed class Transport : MqttTransport
    {
        public int Opens { get; private set; }

        public int Closes { get; private set; }

        public override bool Open()
        {
            Thread.Sleep(5);
            Opens++;
            return true;
        }

        public override void Close()
        {
            Closes++;
        }

        public override bool Publish(string topic, byte[] payload, int quality)
        {
            return payload.Length == 2;
        }

        public override bool Subscribe(string filter, int quality)
        {
            return true;
        }

        public override bool Unsubscribe(string filter)
        {
            return true;
        }

        public void Lose()
        {
            OnClosed();
        }

        public void Receive(string topic, byte[] payload)
        {
            OnMessage(topic, payload);
        }
    }
}
