origins { "https://console.example", "http://localhost:3000" }
hosts { "berth.example" }
